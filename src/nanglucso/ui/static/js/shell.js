// Search keys, theme switch without a reload, offline strip. Without this file every page still works.
const root = document.documentElement;
const search = document.getElementById("search");

addEventListener("keydown", (e) => {
  const typing = e.target.closest?.("input, textarea, select");
  if (search && ((e.ctrlKey && e.key === "k") || (e.key === "/" && !typing))) { e.preventDefault(); search.showPopover(); }
});

for (const b of document.querySelectorAll("[data-set-theme]")) b.addEventListener("click", (e) => {
  e.preventDefault();
  if (b.value) root.dataset.theme = b.value; else delete root.dataset.theme;
  for (const o of document.querySelectorAll("[data-set-theme]")) o.setAttribute("aria-pressed", String(o === b));
  const sent = new FormData(b.form, b);
  fetch(b.form.action, { method: "post", body: new URLSearchParams(sent), redirect: "manual", keepalive: true });
});

const offline = document.getElementById("offline");
if (offline) for (const ev of ["online", "offline"]) addEventListener(ev, () => { offline.hidden = navigator.onLine; });

for (const b of document.querySelectorAll("[data-print]")) b.addEventListener("click", () => print());
