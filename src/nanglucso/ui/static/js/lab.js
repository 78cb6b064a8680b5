// A practice task: arrow keys walk in the sheet, what is typed and not sent survives a change of the page. Without this
// file every act still is a link or a form.
const run = document.querySelector("[data-run]")?.dataset.run ?? "";

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
addEventListener("keydown", (e) => {
  const cell = e.target.closest?.(".cells a");
  if (!cell || e.ctrlKey || e.altKey || e.metaKey || !STEPS[e.key]) return;
  const [x, y] = STEPS[e.key];
  const td = cell.closest("td"), row = td.closest("tr");
  const next = x ? (x > 0 ? td.nextElementSibling : td.previousElementSibling)
    : (y > 0 ? row.nextElementSibling : row.previousElementSibling)?.children[td.cellIndex];
  const link = next?.querySelector("a");
  if (link) { e.preventDefault(); link.focus(); }
});

// On a phone the menu of the system is wider than the screen: the part that is open is brought into view.
const menu = document.querySelector(".smenu"), part = menu?.querySelector("[aria-current]");
if (part) menu.scrollLeft += part.getBoundingClientRect().left - menu.getBoundingClientRect().left - 16;

const store = (name) => `nls-lab-${run}-${name}`;
for (const box of document.querySelectorAll("textarea[data-draft]")) {
  try {
    if (!box.value) box.value = sessionStorage.getItem(store(box.id)) ?? "";
    box.addEventListener("input", () => sessionStorage.setItem(store(box.id), box.value));
    box.form.addEventListener("submit", () => sessionStorage.removeItem(store(box.id)));
  } catch { /* private window: nothing is kept */ }
}
