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

// What was kept of meetings for use without a network belongs to the person signed in: gone with them.
const drop = async () => { for (const name of await caches.keys()) if (name.startsWith("hop-")) await caches.delete(name); };
if ("caches" in self) {
  if (!document.getElementById("role") && document.querySelector('a[href*="/login/"], form[action*="/login/"], input[name=login]')) drop();
  for (const form of document.querySelectorAll('form[action$="/logout/"]')) form.addEventListener("submit", drop);
}
