// List tables: j/k walk the rows, x picks one, Shift picks a range. Without this file the table still filters, sorts, picks.
for (const table of document.querySelectorAll("table[data-keys]")) {
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const all = table.querySelector("thead input[type=checkbox]");
  let last = null;
  const count = () => { for (const el of document.querySelectorAll("[data-count]")) el.textContent = boxes.filter((b) => b.checked).length; };
  all?.addEventListener("change", () => { for (const b of boxes) b.checked = all.checked; count(); });
  boxes.forEach((b, i) => b.addEventListener("click", (e) => {
    if (e.shiftKey && last !== null) for (let j = Math.min(i, last); j <= Math.max(i, last); j++) boxes[j].checked = b.checked;
    last = i; count();
  }));
  addEventListener("keydown", (e) => {
    if (e.target.closest?.("input:not([type=checkbox]), textarea, select, [popover]") || e.ctrlKey) return;
    const at = boxes.indexOf(document.activeElement);
    if (e.key === "j") boxes[Math.min(at + 1, boxes.length - 1)].focus();
    if (e.key === "k") boxes[Math.max(at - 1, 0)].focus();
    if (e.key === "x" && at >= 0) boxes[at].click();
  });
}
