// The time left of a test or a practice task. It counts on this page's own steady clock, whatever the device's is set to;
// when time and `data-grace` seconds are over, the page asks the server what comes now.
let clock;
function start() {
  clearInterval(clock);
  const t = document.querySelector("[data-left]"), grace = Number(t?.dataset.grace ?? 0), left = Number(t?.dataset.left);
  if (!t || left + grace <= 0) return;
  const end = performance.now() + 1000 * left, over = document.getElementById("over");
  clock = setInterval(() => {
    const late = Math.round((performance.now() - end) / 1000), rest = Math.max(0, -late);
    t.classList.toggle("low", rest <= 60);
    if (over && late >= 0) over.hidden = false;
    if (late >= grace && navigator.onLine) { clearInterval(clock); location.reload(); }
    t.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
  }, 1000);
}
addEventListener("nls-shown", start);
start();
