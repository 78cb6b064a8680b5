// The line before a test: asks every now and then how far it has come and changes two figures; loads anew when it is one's turn.
const line = document.getElementById("line");
const set = (id, text) => {
  const at = document.getElementById(id);
  if (at.textContent !== text) at.textContent = text;
};
async function look() {
  const off = document.getElementById("offline");
  try {
    const r = await fetch(location.pathname, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    const told = await r.json();
    if (r.status !== 503) { location.reload(); return; }
    off.hidden = true;
    set("place", String(told.place));
    set("about", told.about);
    line.dataset.again = told.again;
  } catch {
    off.hidden = false; // no network, or a proxy's own page: ask again later
  }
  later();
}
// A fifth to and fro, so that people who came together do not ask together.
const later = () => setTimeout(look, 1000 * Number(line.dataset.again) * (0.8 + 0.4 * Math.random()));
if (line) later();
