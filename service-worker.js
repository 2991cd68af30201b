// Opens the page without a network: hands out what was kept when there was one. static/js/offline.mjs registers it, once a
// model has run in this tab, and fills its cache.
const CACHE = "berth";
const VERSION = /static@[0-9a-f]{16}/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const isOwn = new URL(request.url).origin === location.origin;
  if (isOwn && request.method === "GET" && !request.headers.has("range")) event.respondWith(answer(event, request));
});

/** What never changes comes from the cache; all else from the network, and from the cache when there is none. */
async function answer(event, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept && VERSION.test(request.url)) return kept;
  try {
    const reply = await fetch(request);
    if (reply.status === 200 && reply.type === "basic") {
      const copy = reply.clone();
      event.waitUntil(request.mode === "navigate" ? renew(cache, request, copy) : cache.put(request, copy));
    }
    return reply;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Keeps a fresh page, and forgets the files of older ones. */
async function renew(cache, request, reply) {
  const version = (await reply.clone().text()).match(VERSION)?.[0];
  await cache.put(request, reply);
  for (const { url } of await cache.keys()) {
    const other = url.match(VERSION)?.[0];
    if (version && other && other !== version) await cache.delete(url);
  }
}
