// The server was upgraded under this page: offer a reload, and bring back what was chosen or typed and not yet sent.
const root = document.getElementById("sitting"), note = document.getElementById("newer");
const form = () => document.getElementById("f");
const name = () => `nls-draft:${root.dataset.sitting}:${form()?.dataset.item}`;
const ours = (el) => el.name && el.type !== "hidden" && el.type !== "file" && el.tagName !== "BUTTON";

function draft() {
  const f = form();
  if (!f) return null;
  const rows = [...f.elements].filter(ours).map((el) => [el.name, el.value, /radio|checkbox/.test(el.type) ? el.checked : null]);
  return { rows, steps: [...f.querySelectorAll("input[name=step]")].map((el) => el.value) };
}

function restore() {
  const f = form();
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(name())); sessionStorage.removeItem(name()); } catch { /* no storage */ }
  if (!f || !kept) return;
  for (const el of [...f.elements].filter(ours)) {
    const ticked = el.type === "radio" || el.type === "checkbox";
    const row = kept.rows.find(([n, v]) => n === el.name && (!ticked || v === el.value));
    if (!row) continue;
    if (ticked) el.checked = row[2]; else el.value = row[1];
    el.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const list = f.querySelector(".order");
  if (list && kept.steps.length) {
    for (const key of kept.steps) list.append(f.querySelector(`input[name=step][value="${CSS.escape(key)}"]`).closest("li"));
    [...list.children].forEach((li, i, all) => {
      li.querySelector("b").textContent = i + 1;
      const [up, down] = li.querySelectorAll("button");
      up.disabled = i === 0; down.disabled = i === all.length - 1;
    });
  }
}

addEventListener("nls-edition", (e) => {
  if (note && e.detail && root.dataset.edition && e.detail !== root.dataset.edition) note.hidden = false;
});
document.getElementById("reload")?.addEventListener("click", () => {
  try { sessionStorage.setItem(name(), JSON.stringify(draft())); } catch { /* then the server's own state alone comes back */ }
  location.reload();
});
addEventListener("visibilitychange", async () => {
  if (!root || document.visibilityState !== "visible" || !note?.hidden) return;
  const r = await fetch(root.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (r) dispatchEvent(new CustomEvent("nls-edition", { detail: r.headers.get("NLS-Version") }));
});
if (root) restore();
