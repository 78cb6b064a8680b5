/* The page around a SCORM package: it listens to the frame and to nothing else, and passes on what is of the data model.
   Without an address to record at (the look of those who upload) what was said is shown only. */
const el = (id) => document.getElementById(id);
const frame = el("package"), root = el("player"), launch = Number(frame.dataset.launch);
const READS = 120_000, QUIET = 800, WAIT = [2000, 4000, 8000, 15_000];
const MODEL = /^cmi\.(core\.(lesson_status|lesson_location|score\.(raw|min|max)|session_time|exit)|suspend_data|objectives\.\d{1,2}\.(id|status|score\.(raw|min|max))|student_preference\.(audio|speed|text|language))$/;

let leaving = false;
/* Only the frame or a frame inside it, of the origin that packages have, of this launch. */
function ours(e) {
  if (e.origin !== (frame.dataset.origin || "null") || e.data?.nls !== "scorm" || e.data.launch !== launch) return false;
  if (!e.source) return leaving; // the last words of a page that is gone already
  for (let w = e.source, n = 0; w && n < 20; w = w.parent, n++) {
    if (w === frame.contentWindow) return true;
    if (w === window || w === w.parent) return false;
  }
  return false;
}
function inside(w, found = []) {
  for (let n = 0; n < w.length && found.length < 50; n++) { found.push(w[n]); inside(w[n], found); }
  return found;
}

const known = {};
let pending = {}, events = [], last = Date.now(), timer = 0;
addEventListener("message", (e) => {
  if (!ours(e)) return;
  const { type, values } = e.data;
  last = Date.now();
  if (type === "set" && values && typeof values === "object") {
    for (const [name, value] of Object.entries(values)) {
      if (!MODEL.test(name) || typeof value !== "string") continue;
      known[name] = pending[name] = value;
      for (const w of inside(frame.contentWindow)) if (w !== e.source) w.postMessage({ nls: "scorm-sync", values: { [name]: value } }, "*");
    }
  } else if (type === "here" && e.source !== frame.contentWindow) {
    e.source.postMessage({ nls: "scorm-sync", values: known }, "*");
  } else if (type === "begin" || type === "end") {
    events.push([type, pending, null]);
    pending = {};
  } else if (type !== "commit") return;
  show(type);
  clearTimeout(timer);
  timer = setTimeout(flush, type === "set" ? QUIET : 0);
});

function show(type) {
  const box = el("heard");
  if (!box) return;
  const mark = box.querySelector(`[data-event="${type}"]`);
  if (mark) mark.textContent = "✓";
  for (const one of box.querySelectorAll("[data-name]")) if (one.dataset.name in known) one.textContent = one.dataset[known[one.dataset.name]] ?? known[one.dataset.name];
  for (const one of box.querySelectorAll("[data-length]")) if (one.dataset.length in known) one.textContent = `${known[one.dataset.length].length}`;
}

const where = root.dataset.record;
let n = 0, running = null, tries = 0, over = false, refused = false;
const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
function batch() {
  if (events.length) return events[0];
  return Object.keys(pending).length ? ["set", pending] : null;
}
const state = (saved) => {
  const box = el("saved");
  box.textContent = saved ? root.dataset.saved : root.dataset.unsent;
  box.classList.toggle("good", saved); box.classList.toggle("warn", !saved);
};
async function send(fields, keepalive = false) {
  const body = new URLSearchParams(fields);
  return fetch(where, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive, credentials: "same-origin", signal: keepalive ? undefined : AbortSignal.timeout(8000) });
}
const reads = () => (!document.hidden && Date.now() - last < READS ? "1" : "0");
/* An event keeps its number when it is said again, so that it never counts twice. */
function told(one) {
  const number = one[2] ?? n++;
  if (one.length > 2) one[2] = number;
  return { ticket: root.dataset.ticket, n: number, event: one[0], values: JSON.stringify(one[1]), reads: reads() };
}

function trouble(text) { el("trouble").textContent = text; el("trouble").hidden = false; }
async function answer(reply) {
  if (reply.redirected || reply.status === 403 || reply.status === 404) { over = true; trouble(root.dataset.closed); return; }
  if (reply.status === 422) { refused = true; trouble(await reply.text()); return; }
  const { page, late } = await reply.json();
  if (late) { over = true; state(false); trouble(root.dataset.late); return; }
  const here = el("needs").querySelector("[aria-current]")?.getAttribute("href");
  const focused = document.activeElement?.getAttribute?.("href");
  el("needs").innerHTML = page;
  el("needs").querySelector(`a[href="${here}"]`)?.setAttribute("aria-current", "true");
  if (focused) el("needs").querySelector(`a[href="${focused}"]`)?.focus();
}
/* One message after the other, in the order they were said; one that failed is said again as it was. */
function flush() {
  if (!where || over) return Promise.resolve();
  running ??= work().finally(() => { running = null; });
  return running;
}
async function work() {
  for (let one = batch(); one && !over; one = batch()) {
    const queued = one === events[0];
    if (!queued) pending = {};
    state(false);
    let reply = null;
    const fields = told(one);
    try { reply = await send(fields); } catch { /* no network */ }
    if (!reply || reply.status >= 500) {
      if (!queued) pending = { ...one[1], ...pending };
      clearTimeout(timer);
      timer = setTimeout(flush, WAIT[Math.min(tries++, WAIT.length - 1)]);
      return;
    }
    tries = 0;
    if (queued) events.shift();
    await answer(reply);
  }
  if (!over) state(!refused);
}

if (where) {
  for (const kind of ["pointerdown", "keydown", "scroll", "pointermove"]) addEventListener(kind, () => { last = Date.now(); }, { passive: true });
  setInterval(async () => {
    if (over || running || reads() === "0") return;
    try { const reply = await send({ reads: "1" }); if (reply.status < 500) await answer(reply); } catch { state(!batch()); }
  }, 1000 * Number(root.dataset.every));
  /* A plain page says nothing: that it was opened is all there is to know. */
  frame.addEventListener("load", () => { if (!Object.keys(known).length && !events.length && n === 0) { events.push(["set", {}, null]); flush(); } }, { once: true });
  /* Before leaving, the package is closed and heard to its end. */
  document.addEventListener("click", async (e) => {
    const link = e.target.closest("a[data-leave]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    leaving = true;
    const gone = new Promise((go) => { frame.addEventListener("load", go, { once: true }); setTimeout(go, 1500); });
    frame.src = "about:blank";
    await gone;
    await new Promise((go) => { setTimeout(go, 60); });
    await Promise.race([flush(), new Promise((go) => { setTimeout(go, 4000); })]);
    location.href = link.href;
  });
  /* The window is closed: all that is left goes in one message, since two may overtake each other. */
  addEventListener("pagehide", () => {
    if (over || !batch()) return;
    const kinds = events.map(([event]) => event), event = ["end", "begin"].find((one) => kinds.includes(one)) ?? "set";
    send(told([event, Object.assign({}, ...events.map((one) => one[1]), pending)]), true);
  });
  addEventListener("online", flush);
}
