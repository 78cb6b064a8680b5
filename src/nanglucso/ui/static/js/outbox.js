// The outbox of a sitting: an answer is written to this device before it is sent and erased after the server has it.
// One request in flight under a lock, the same key on every retry, back-off with jitter, resent when the network returns.
const root = document.getElementById("sitting");
const id = root?.dataset.sitting;
const WAIT = [300, 600, 1200, 2400, 4800, 8000];
const { keep, drop, kept, tell } = shelf("nls-outbox", "answers", (r) => r.sitting === id, (a, b) => a.seq - b.seq);

const wrong = (text) => {
  const note = document.getElementById("wrong");
  if (note) { note.hidden = !text; note.textContent = text; }
};
const bar = (text, off) => {
  const saved = document.getElementById("saved"), note = document.getElementById("unsent");
  if (note) note.hidden = !off;
  if (saved && text) { saved.className = `row ${off ? "t-warn" : ""}`; saved.textContent = text; }
  const button = document.querySelector("#send span");
  if (button) { button.dataset.go ??= button.textContent; button.textContent = off ? button.dataset.wait : button.dataset.go; }
};
const freeze = (on) => {
  const set = document.querySelector("#f fieldset"), send = document.getElementById("send");
  if (set) set.disabled = on;
  if (send) send.disabled = on;
};

// What was sent from this page and has no reply yet. Another tab of the same test may deliver it from the shared store;
// this page then sends it once more, under the same key, and is told what comes next.
let own = null;
let shownAt = performance.now();
function show(html) {
  root.innerHTML = html;
  own = null;
  shownAt = performance.now();
  dispatchEvent(new Event("nls-shown"));
  tell();
  (document.querySelector(".stem") ? document.getElementById("main") : root.querySelector("main"))?.focus();
  scrollTo(0, 0);
}

async function token() {
  const r = await fetch(root.dataset.state, { headers: { Accept: "application/json" } });
  seen(r);
  return r.ok ? (await r.json()).csrf : null;
}

const elsewhere = (text) => {
  const note = document.getElementById("elsewhere");
  if (note) { note.hidden = false; note.querySelector("strong").textContent = text; }
};

const seen = (r) => dispatchEvent(new CustomEvent("nls-edition", { detail: r.headers.get("NLS-Version") }));

let renewed = null; // a token fetched by this page; the page's own is newer than the one that was kept with the answer
async function once(row) {
  const body = new URLSearchParams(row.fields.filter(([name]) => name !== "csrfmiddlewaretoken")); // else the old one counts
  const headers = { "NLS-Outbox": "1", "X-CSRFToken": renewed ?? document.getElementById("f")?.elements.csrfmiddlewaretoken.value ?? row.csrf };
  const r = await fetch(root.dataset.answer, { method: "POST", body, headers, signal: AbortSignal.timeout(8000), credentials: "same-origin" });
  seen(r);
  if (r.status === 503 || r.status >= 500) return { again: true, wait: 1000 * Number(r.headers.get("Retry-After") || 0) * (0.7 + 0.6 * Math.random()) };
  if (r.status === 403 && !r.headers.get("NLS-Seq") && !renewed) {
    renewed = await token().catch(() => null);
    if (renewed) return { again: true, wait: 0 };
  }
  if (r.status === 403 && r.headers.get("NLS-Seq")) { elsewhere(await r.text()); bar(`${root.dataset.unsent}: 1`, false); return {}; }
  if (r.status === 400 || r.status === 422) {
    if (own?.id === row.id) own = null;
    await drop(row); freeze(false); bar(" ", false); wrong(await r.text());
    if (r.headers.get("NLS-Asked") === "1") document.getElementById("f").elements.asked.value = "1";
    return {};
  }
  if ([200, 409, 410].includes(r.status)) { await drop(row); return { html: await r.text() }; }
  location.assign(location.pathname); // signed out, paused or gone: the page says which, the answer stays kept
  return {};
}

let running = false;
async function flush() {
  if (running || !root) return;
  running = true;
  try { await (navigator.locks?.request(`nls-${id}`, work) ?? work()); } finally { running = false; }
}
async function work() {
  for (let tries = 0; ; tries++) {
    const waiting = await kept(), rows = waiting.length || !own ? waiting : [own];
    if (!rows.length) return;
    freeze(true);
    bar(tries ? `${root.dataset.unsent}: ${rows.length}` : root.dataset.sending, tries > 0);
    const told = await once(rows[0]).catch(() => ({ again: true }));
    if (told.html) { show(told.html); tries = -1; continue; }
    if (!told.again) return;
    const wait = told.wait ?? WAIT[Math.min(tries, WAIT.length - 1)] * (0.7 + 0.6 * Math.random());
    bar(`${root.dataset.unsent}: ${rows.length}`, true);
    await new Promise((go) => { setTimeout(go, wait); addEventListener("online", go, { once: true }); });
  }
}

root?.addEventListener("submit", async (e) => {
  if (e.target.id !== "f" || e.submitter?.name === "move" || e.target.enctype === "multipart/form-data") return;
  e.preventDefault();
  e.target.elements.shown_ms.value = Math.round(performance.now() - shownAt);
  const fields = [...new FormData(e.target)].map(([k, v]) => [k, String(v)]);
  const csrf = e.target.elements.csrfmiddlewaretoken.value;
  wrong("");
  own = { id: `${id}:${e.target.elements.key.value}`, sitting: id, seq: Number(e.target.dataset.seq), fields, csrf };
  await keep(own);
  flush();
});
addEventListener("nls-saved", (e) => show(e.detail)); // a file was handed in: what comes after it
addEventListener("online", flush);
addEventListener("visibilitychange", flush);
flush();
