// What a page keeps on this device until the server has it. Loaded before the module that uses it.
// Without storage (private mode, full disk) rows live in the page alone: `nostore` says so, and leaving is asked about.
globalThis.shelf = (base, table, mine, order) => {
  const memory = new Map();
  let storing = true;
  function open() {
    return new Promise((good, bad) => {
      const r = indexedDB.open(base, 1);
      r.onupgradeneeded = () => r.result.createObjectStore(table, { keyPath: "id" });
      r.onsuccess = () => good(r.result);
      r.onerror = () => bad(r.error);
    });
  }
  async function store(run, mode) {
    const db = await open();
    return new Promise((good, bad) => {
      const t = db.transaction(table, mode, { durability: "strict" });
      const r = run(t.objectStore(table));
      t.oncomplete = () => { db.close(); good(r?.result); };
      t.onerror = t.onabort = () => { db.close(); bad(t.error); };
    });
  }
  const tell = () => { const note = document.getElementById("nostore"); if (note && !storing) note.hidden = false; };
  const cannot = () => { storing = false; tell(); };
  addEventListener("beforeunload", (e) => { if (memory.size) e.preventDefault(); });
  store((s) => s.count(), "readonly").catch(cannot);
  return {
    tell,
    keep: (row) => store((s) => s.put(row), "readwrite").catch(() => { memory.set(row.id, row); cannot(); }),
    drop: (row) => { memory.delete(row.id); return store((s) => s.delete(row.id), "readwrite").catch(() => 0); },
    kept: async () => {
      const rows = await store((s) => s.getAll(), "readonly").catch(() => []);
      return [...rows, ...memory.values()].filter(mine).sort(order);
    },
  };
};
