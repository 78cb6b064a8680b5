// A file is not kept on the device: it goes at once, with the same key until the server has it, and stays chosen if not.
// Without this file the form posts and the page comes back.
const root = document.getElementById("sitting");
const part = (id) => document.getElementById(id);
let csrf = null, began = performance.now();

function busy(on) {
  part("f").querySelector("fieldset").disabled = on;
  part("send").disabled = on;
  part("saved").textContent = on ? root.dataset.sending : " ";
}
function wrong(text) {
  part("wrong").hidden = !text;
  part("wrong").textContent = text;
}
async function token() {
  const r = await fetch(root.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  return r?.ok ? (await r.json()).csrf : null;
}

async function hand(form) {
  form.elements.shown_ms.value = Math.round(performance.now() - began);
  const body = new FormData(form), headers = { "NLS-Outbox": "1", ...(csrf && { "X-CSRFToken": csrf }) };
  if (csrf) body.delete("csrfmiddlewaretoken");
  wrong("");
  busy(true);
  const r = await fetch(form.action, { method: "POST", body, headers, signal: AbortSignal.timeout(120000) }).catch(() => null);
  if (r) dispatchEvent(new CustomEvent("nls-edition", { detail: r.headers.get("NLS-Version") }));
  if (r && [200, 409, 410].includes(r.status)) { began = performance.now(); return dispatchEvent(new CustomEvent("nls-saved", { detail: await r.text() })); }
  busy(false);
  if (r?.status === 403 && !r.headers.get("NLS-Seq") && !csrf) {
    csrf = await token();
    if (csrf) return hand(form);
  }
  if (!r) wrong(root.dataset.network);
  else if (r.status === 400 || r.status === 422) wrong(await r.text());
  else if (r.status >= 500) wrong(root.dataset.again);
  else location.assign(location.pathname);
}

root?.addEventListener("submit", (e) => {
  if (e.target.enctype !== "multipart/form-data") return;
  e.preventDefault();
  hand(e.target);
});
