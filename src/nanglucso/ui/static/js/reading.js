// Signs of life while somebody reads a document: the form that counts time is sent by itself. The server alone counts.
const READS = 120_000; // without scroll, key or touch for so long nobody reads
let last = Date.now();
for (const ev of ["pointerdown", "keydown", "scroll", "pointermove"]) addEventListener(ev, () => { last = Date.now(); }, { passive: true });
const below = () => document.getElementById("below");

function hideButton() {
  const button = document.querySelector("#beat .btn");
  if (button) button.hidden = true;
}
hideButton();
document.addEventListener("htmx:afterSettle", hideButton);

const every = 1000 * Number(below()?.dataset.every || 0);
if (every) {
  const timer = setInterval(() => {
    const form = document.getElementById("beat");
    if (!below()?.dataset.every) clearInterval(timer);
    else if (form && !document.hidden && Date.now() - last < READS) form.requestSubmit();
  }, every);
}
