// Keeps the page of a meeting, its papers and what draws them for use without a network. Signing out drops it all (shell.js).
const told = document.getElementById("kept");

async function addPage(cache, address) {
  const reply = await fetch(address);
  if (!reply.ok || reply.redirected) return;
  await cache.put(address, reply.clone());
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const parts = [...page.querySelectorAll("link[rel=stylesheet], script[src], img[data-keep]")];
  for (const part of parts) {
    const src = new URL(part.getAttribute("href") ?? part.getAttribute("src"), location.href).href;
    if (!(await cache.match(src))) await cache.add(src);
  }
}

async function keep() {
  const mine = `hop-${told.dataset.owner}`;
  for (const name of await caches.keys()) if (name.startsWith("hop-") && name !== mine) await caches.delete(name);
  await navigator.serviceWorker.register(told.dataset.worker);
  await navigator.serviceWorker.ready;
  told.append(told.dataset.busy);
  const cache = await caches.open(mine);
  await cache.put("/hop/since", new Response(String(Date.now()))); // the worker gives nothing that is older than a session
  for (const link of told.querySelectorAll("a[data-keep]")) await addPage(cache, link.href);
  await addPage(cache, location.pathname);
  for (const used of performance.getEntriesByType("resource")) {
    const url = new URL(used.name);
    if (url.origin === location.origin && url.pathname.startsWith("/static/") && !(await cache.match(used.name))) await cache.add(used.name);
  }
  told.lastChild.textContent = told.dataset.done;
  told.dataset.kept = "yes";
}

if (told && "serviceWorker" in navigator && "caches" in self) keep().catch(() => { told.dataset.kept = "no"; });
