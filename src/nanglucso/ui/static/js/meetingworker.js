// Answers pages and papers of meetings from what was kept when the network is gone; never anything else, never a form.
const LASTS = 12 * 3600 * 1000; // as long as a session

addEventListener("install", () => skipWaiting());
addEventListener("activate", (e) => e.waitUntil(clients.claim()));

async function kept(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("hop-")) continue;
    const cache = await caches.open(name);
    const since = Number(await (await cache.match("/hop/since"))?.text() ?? 0);
    if (Date.now() - since > LASTS) { await caches.delete(name); continue; }
    const found = await cache.match(request);
    if (found) return found;
  }
  return Response.error();
}

addEventListener("fetch", (e) => {
  if (e.request.method !== "GET" || new URL(e.request.url).origin !== location.origin) return;
  e.respondWith(fetch(e.request).catch(() => kept(e.request)));
});
