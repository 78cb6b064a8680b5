// Requirement matrix by keyboard: arrows move, Shift selects a range, 0–9 set the level, M must-have, D the family's default,
// Ctrl+Z takes back, Ctrl+Y does again. Every change is sent at once; the server answers with the revision of the draft.
const grid = document.querySelector("table[data-matrix]");
if (grid) {
  const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td[data-c]")]);
  const says = document.querySelector("[data-says]"), top = Number(grid.dataset.top);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let at = [0, 0], from = [0, 0], revision = Number(grid.dataset.revision), queue = Promise.resolve();
  const past = [], future = [];
  const cell = ([r, c]) => rows[r][c];
  const place = (td) => { const r = rows.findIndex((row) => row.includes(td)); return [r, rows[r].indexOf(td)]; };
  const read = (td) => [Number(td.dataset.level), td.dataset.must === "1"];
  const write = (td, [level, must]) => {
    td.dataset.level = level; td.dataset.must = must && level ? "1" : "0";
    td.classList.toggle("changed", `${level}/${td.dataset.must}` !== td.dataset.before);
    td.querySelector("b").textContent = level || "–";
    td.setAttribute("aria-label", `${td.dataset.name}: ${level || grid.dataset.none}${td.dataset.must === "1" ? ", " + grid.dataset.musthave : ""}`);
  };
  const span = () => {
    const [r1, r2] = [at[0], from[0]].sort((a, b) => a - b), [c1, c2] = [at[1], from[1]].sort((a, b) => a - b);
    return rows.slice(r1, r2 + 1).flatMap((row) => row.slice(c1, c2 + 1));
  };
  const mark = () => {
    const chosen = new Set(span());
    for (const td of rows.flat()) {
      const on = chosen.has(td);
      td.classList.toggle("picked", on); td.setAttribute("aria-selected", on); td.tabIndex = td === cell(at) ? 0 : -1;
    }
  };
  const go = (to, keep) => {
    at = [Math.max(0, Math.min(rows.length - 1, to[0])), Math.max(0, Math.min(rows[0].length - 1, to[1]))];
    if (!keep) from = at;
    mark(); cell(at).focus();
  };
  const send = (cells) => {
    queue = queue.then(async () => {
      says.textContent = grid.dataset.saving;
      try {
        const reply = await fetch(grid.dataset.save, { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
          body: JSON.stringify({ revision, cells: cells.map((td) => [td.dataset.p, td.dataset.c, ...read(td)]) }) });
        const told = await reply.json();
        says.textContent = told.text; says.classList.toggle("bad", !reply.ok);
        if (reply.ok) { revision = told.revision; document.querySelector("[data-review]").hidden = !told.size; }
        return reply.ok;
      } catch { says.textContent = grid.dataset.offline; says.classList.add("bad"); return false; }
    });
    return queue;
  };
  const put = async (pairs, onto, back) => {
    const before = pairs.map(([td]) => [td, read(td)]);
    for (const [td, value] of pairs) write(td, value);
    onto.push(before);
    if (!(await send(pairs.map(([td]) => td)))) { for (const [td, value] of before) write(td, value); onto.splice(onto.indexOf(before), 1); if (back) back(); }
  };
  const change = (value) => {
    const pairs = span().map((td) => [td, value(td)]).filter(([td, [l, m]]) => l !== read(td)[0] || (m && l > 0) !== read(td)[1]);
    if (pairs.length) { future.length = 0; put(pairs, past); }
  };
  const undo = () => { const last = past.pop(); if (last) put(last, future, () => past.push(last)); };
  const redo = () => { const next = future.pop(); if (next) put(next, past, () => future.push(next)); };
  const acts = {
    must: () => change((td) => [read(td)[0], !read(cell(at))[1]]), family: () => change((td) => [Number(td.dataset.default), read(td)[1]]), undo, redo,
  };
  const level = (n) => { if (n <= top) change((td) => [n, read(td)[1]]); };
  grid.addEventListener("keydown", (e) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-8, 0], PageDown: [8, 0] }[e.key];
    if (e.altKey) return;
    if (step) go([at[0] + step[0], at[1] + step[1]], e.shiftKey);
    else if (e.key === "Home") go([e.ctrlKey ? 0 : at[0], 0], e.shiftKey);
    else if (e.key === "End") go([e.ctrlKey ? rows.length - 1 : at[0], rows[0].length - 1], e.shiftKey);
    else if (e.ctrlKey && e.key.toLowerCase() === "z") undo();
    else if (e.ctrlKey && e.key.toLowerCase() === "y") redo();
    else if (e.ctrlKey && e.key.toLowerCase() === "a") { from = [at[0], 0]; at = [at[0], rows[0].length - 1]; mark(); cell(at).focus(); }
    else if (e.ctrlKey || e.metaKey) return;
    else if (/^\d$/.test(e.key)) level(Number(e.key));
    else if (e.key === "Delete" || e.key === "Backspace") level(0);
    else if (e.key.toLowerCase() === "m") acts.must();
    else if (e.key.toLowerCase() === "d") acts.family();
    else return;
    e.preventDefault();
  });
  grid.addEventListener("click", (e) => { const td = e.target.closest("td[data-c]"); if (td) go(place(td), e.shiftKey); });
  for (const button of document.querySelectorAll("[data-level-key]")) button.addEventListener("click", () => { level(Number(button.dataset.levelKey)); cell(at).focus(); });
  for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => { acts[button.dataset.act](); cell(at).focus(); });
  mark();
}
