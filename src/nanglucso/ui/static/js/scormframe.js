"use strict";
/* Runs in every page of a SCORM package before the package's own scripts, in a sandbox: it cannot reach the page around it
   and only posts messages there. What it gives the package: the API, and stand-ins for what a sandbox lacks. */
(() => {
  const told = window.NLS_SCORM, above = window.parent, top = window.top, outermost = above === top;
  delete window.NLS_SCORM;
  document.currentScript.remove();
  for (const one of document.querySelectorAll("script[src*='/-nls/state.js'],script[src*='scorm12.min']")) one.remove();
  if (!told || above === window) return;
  /* Under a host name of its own the page above can be looked at: what stands there serves this one too. */
  let shared = null;
  try { shared = above.API?.ofTheHouse ? above : null; } catch { /* another origin */ }
  if (shared) {
    window.API = shared.API;
    for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { value: shared[name], configurable: true });
    return;
  }
  const say = (type, more) => top.postMessage({ nls: "scorm", launch: told.launch, type, ...more }, "*");

  /* The API. A page that follows another within one session finds the session open. */
  const lms = new window.Scorm12API({ autocommit: false, logLevel: 5 });
  lms.loadFromFlattenedJSON(told.values, "");
  let carried = told.open, ended = false;
  if (carried) lms.lmsInitialize("");
  const API = {
    LMSInitialize(text = "") {
      if (carried) { carried = false; return "true"; }
      const done = String(lms.lmsInitialize(text));
      if (done === "true") say("begin");
      return done;
    },
    LMSFinish(text = "") {
      const done = String(lms.lmsFinish(text));
      if (done === "true") { ended = true; say("end"); }
      return done;
    },
    LMSGetValue: (name) => String(lms.lmsGetValue(name)),
    LMSSetValue(name, value) {
      const text = value === undefined || value === null ? "" : String(value);
      const done = String(lms.lmsSetValue(name, text));
      if (done === "true") say("set", { values: { [name]: text } });
      return done;
    },
    LMSCommit(text = "") {
      const done = String(lms.lmsCommit(text));
      if (done === "true") say("commit");
      return done;
    },
    LMSGetLastError: () => String(lms.lmsGetLastError()),
    LMSGetErrorString: (code) => String(lms.lmsGetErrorString(code)),
    ofTheHouse: true,
    LMSGetDiagnostic: (code) => String(lms.lmsGetDiagnostic(code)),
  };
  window.API = API;

  /* Stand-ins. Memory lasts as long as the page does. */
  const put = (on, name, value) => { try { Object.defineProperty(on, name, { value, configurable: true, writable: true }); } catch { /* the browser keeps its own */ } };
  const memory = () => {
    const held = new Map();
    const own = {
      getItem: (k) => held.get(String(k)) ?? null, setItem: (k, v) => { held.set(String(k), String(v)); },
      removeItem: (k) => { held.delete(String(k)); }, clear: () => held.clear(), key: (n) => [...held.keys()][n] ?? null,
    };
    return new Proxy(own, {
      get: (o, k) => (k === "length" ? held.size : k in o ? o[k] : held.get(String(k))),
      set: (o, k, v) => { held.set(String(k), String(v)); return true; },
      deleteProperty: (o, k) => { held.delete(String(k)); return true; },
      has: (o, k) => k in o || held.has(String(k)),
    });
  };
  put(window, "localStorage", memory());
  put(window, "sessionStorage", memory());
  let jar = [];
  try {
    Object.defineProperty(document, "cookie", {
      configurable: true, get: () => jar.join("; "),
      set: (text) => { const one = String(text).split(";")[0], name = one.split("=")[0]; jar = [...jar.filter((x) => x.split("=")[0] !== name), one]; },
    });
  } catch { /* the browser keeps its own */ }

  /* Frames of one package cannot look into each other. A page that calls a function of the frame above it by name has the
     call passed on; it gets no answer back. The outermost page is its own parent. */
  const before = new Set(Object.getOwnPropertyNames(window));
  const names = new Map();
  const standin = new Proxy({}, {
    get(_, name) {
      if (name === "API") return API;
      if (name === "parent" || name === "self" || name === "window") return standin;
      if (name === "top") return top;
      if (name === "postMessage") return (...given) => above.postMessage(...given);
      if (names.get(name) === "call") return (...given) => { say("crossed"); above.postMessage({ nls: "scorm-call", name, given: JSON.parse(JSON.stringify(given)) }, "*"); };
      return names.get(name)?.value;
    },
    has: (_, name) => name === "API" || names.has(name),
  });
  put(window, "parent", outermost ? window : standin);
  const offer = () => {
    const list = [];
    for (const name of Object.getOwnPropertyNames(window)) {
      if (before.has(name)) continue;
      const value = window[name];
      if (typeof value === "function") list.push([name, "call"]);
      else if (["string", "number", "boolean"].includes(typeof value)) list.push([name, { value }]);
    }
    return list;
  };
  const mine = (source) => { for (let n = 0; n < window.frames.length; n++) if (window.frames[n] === source) return true; return false; };
  addEventListener("message", (e) => {
    const m = e.data;
    if (!m || typeof m !== "object") return;
    if (m.nls === "scorm-hello" && mine(e.source)) e.source.postMessage({ nls: "scorm-names", list: offer() }, "*");
    else if (m.nls === "scorm-call" && mine(e.source) && !before.has(m.name) && typeof window[m.name] === "function") window[m.name](...m.given);
    else if (m.nls === "scorm-names" && e.source === above && !outermost) { for (const [name, what] of m.list) names.set(name, what); }
    else if (m.nls === "scorm-sync" && e.source === top && !ended) {
      for (const [name, text] of Object.entries(m.values)) { try { lms.setCMIValue(name, text); } catch { /* not of the model */ } }
    } else return;
    e.stopImmediatePropagation();
  }, true);
  if (!outermost) {
    const hello = () => above.postMessage({ nls: "scorm-hello" }, "*");
    hello();
    addEventListener("DOMContentLoaded", hello);
    addEventListener("load", hello);
  }

  let last = 0;
  const alive = () => { if (Date.now() - last > 4000) { last = Date.now(); say("alive"); } };
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "wheel"]) addEventListener(kind, alive, { passive: true, capture: true });
  addEventListener("play", alive, true);
  addEventListener("timeupdate", alive, true);
  say("here");
})();
