// The player of a lesson: one part at a time, signs of life while somebody reads, and an outbox. An opened part or an
// answer is written to this device before it is sent and erased after the server has it. Time is counted by the server.
const root = document.getElementById("lesson");
const id = root.dataset.study;
const WAIT = [500, 1000, 2000, 4000, 8000];
const READS = 120_000; // without scroll, key or touch for so long nobody reads
const el = (name) => document.getElementById(name);
const { keep, drop, kept } = shelf("nls-lessons", "sent", (r) => r.study === id, (a, b) => a.at - b.at);

function state(waiting, off) {
  const saved = el("saved");
  saved.textContent = waiting ? `${root.dataset.unsent}: ${waiting}` : root.dataset.saved;
  saved.className = waiting ? "tag warn" : "tag good";
  el("unsent").hidden = !off;
}

// What the server says about the whole lesson: bar, list of what is missing.
function tell(t) {
  if (t.done && !("done" in root.dataset)) { root.dataset.done = ""; el("n-end").hidden = false; if (shown === 5) location.reload(); }
  el("bar").value = t.percent;
  el("n-parts").querySelector("b").textContent = `${t.parts}/5`;
  el("n-right").querySelector("b").textContent = `${t.right}/2`;
  el("n-parts").classList.toggle("ok", t.parts === 5);
  el("n-right").classList.toggle("ok", t.passed);
  el("n-time").classList.toggle("ok", t.time);
  el("n-time").querySelector("span").textContent = t.time && t.done ? el("n-time").querySelector("span").textContent : t.words;
}
function told(box) {
  const d = box.querySelector(".told")?.dataset;
  if (d) tell({ percent: Number(d.percent), parts: Number(d.parts), right: Number(d.right), words: d.words, time: "time" in d, passed: "passed" in d, done: "done" in d });
}

let token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
async function post(url, fields) {
  const body = new URLSearchParams(fields.filter(([k]) => k !== "csrfmiddlewaretoken"));
  const headers = { "NLS-Outbox": "1", "X-CSRFToken": token };
  return fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(8000), credentials: "same-origin" });
}
async function fresh() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? token;
}

async function deliver(row, first) {
  const r = await post(row.url, row.fields);
  if (r.status >= 500) return false;
  if (r.status === 403 && first) { await fresh(); return deliver(row, false); }
  if (r.redirected) { location.reload(); return false; } // signed out: the page says so, the answer stays kept
  await drop(row);
  if (!row.into) { if (r.ok) tell(await r.json()); return true; }
  const box = el(row.into), text = await r.text();
  if (r.ok) {
    box.outerHTML = text;
    told(el(row.into));
    const place = row.place && el(row.place);
    (place ? place.querySelector(".why") ?? place : el(row.into)).scrollIntoView({ block: "nearest" });
    say(el(row.into));
  } else {
    free(box);
    const err = (row.place && el(row.place) ? el(row.place) : box).querySelector(".err") ?? box.querySelector(".err");
    if (err) { err.hidden = false; err.textContent = text; }
  }
  return true;
}
const say = (box) => { el("say").textContent = box.querySelector("[role=status]")?.textContent ?? box.querySelector(".why")?.textContent ?? ""; };
const free = (box) => { for (const one of box.querySelectorAll("[data-locked]")) { one.disabled = false; delete one.dataset.locked; } };

let running = false;
async function flush() {
  if (running) return;
  running = true;
  try { await (navigator.locks?.request(`nls-lesson-${id}`, work) ?? work()); } finally { running = false; }
}
async function work() {
  for (let tries = 0; ; tries++) {
    const rows = await kept();
    state(rows.length, tries > 0 && rows.length);
    if (!rows.length) return;
    if (await deliver(rows[0], true).catch(() => false)) { tries = -1; continue; }
    state(rows.length, true);
    for (const err of document.querySelectorAll("form[data-sent] .err")) { err.hidden = false; err.textContent = root.dataset.kept; }
    const wait = WAIT[Math.min(tries, WAIT.length - 1)] * (0.7 + 0.6 * Math.random());
    await new Promise((go) => { setTimeout(go, wait); addEventListener("online", go, { once: true }); });
  }
}

let shown = Number(root.dataset.part);
async function show(part, focus = true) {
  if (part < 1 || part > 5) return;
  shown = part;
  for (const one of document.querySelectorAll(".part")) one.hidden = one.id !== `phan-${part}`;
  for (const one of document.querySelectorAll("[data-go]")) {
    if (Number(one.dataset.go) === part) { one.setAttribute("aria-current", "step"); one.classList.add("opened"); } else one.removeAttribute("aria-current");
  }
  el("back").disabled = part === 1; el("back").value = part - 1;
  el("on").hidden = part === 5; el("on").value = part + 1;
  el("leave").hidden = part !== 5;
  history.replaceState(null, "", `?phan=${part}`);
  if (focus) { scrollTo(0, 0); el(`h-${part}`).focus({ preventScroll: true }); }
  if ("done" in root.dataset) return;
  await keep({ id: `${id}:part${part}`, study: id, at: Date.now(), url: root.dataset.beat, fields: [["part", part]] });
  flush();
}

root.addEventListener("click", (e) => {
  const go = e.target.closest("[data-go], #back, #on");
  if (!go || e.ctrlKey || e.metaKey) return;
  e.preventDefault();
  show(Number(go.dataset.go ?? go.value));
});
root.addEventListener("submit", async (e) => {
  const form = e.target;
  if (!form.dataset.into) return;
  e.preventDefault();
  const fields = [...new FormData(form)].map(([k, v]) => [k, String(v)]);
  const mark = form.id || form.action.split("/").at(-2);
  form.dataset.sent = "";
  const err = form.querySelector(".err");
  if (err) err.hidden = true;
  await keep({ id: `${id}:${mark}:${form.elements.round?.value ?? ""}`, study: id, at: Date.now(), url: form.action, fields, into: form.dataset.into, place: form.id });
  for (const one of form.querySelectorAll("fieldset:enabled, button:enabled")) { one.dataset.locked = ""; one.disabled = true; }
  flush();
});

let last = Date.now();
for (const ev of ["pointerdown", "keydown", "scroll", "pointermove"]) addEventListener(ev, () => { last = Date.now(); }, { passive: true });
setInterval(async () => {
  if (document.hidden || Date.now() - last > READS || "done" in root.dataset || running) return;
  try {
    const r = await post(root.dataset.beat, [["part", shown]]);
    if (r.status === 403) await fresh();
    if (r.ok && !r.redirected) { tell(await r.json()); state((await kept()).length, false); }
  } catch { state((await kept()).length, true); }
}, 1000 * Number(root.dataset.every));

addEventListener("online", flush);
show(shown, false);
