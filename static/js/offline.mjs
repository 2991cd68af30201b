// Keeps what the page consists of, so that it opens without a network: for people who run models in the tab, who need none.
import { ownScript } from "./trusted.mjs";

const CACHE = "berth"; // service-worker.js reads it

const file = (path) => new URL(path, import.meta.url).href;

/** Files that no entry of the page's own timeline names, because workers fetch them or nothing has yet. */
const FURTHER = [
  "./engine.mjs",
  "./engine-worker.mjs",
  "./model-store.mjs",
  "./model-store-worker.mjs",
  "./pump.mjs",
  "./streams.mjs",
  "./streams-worker.mjs",
  "../models/tinker-1m-q8_0.gguf",
  "../vendor/lib/hash-wasm/sha256.js",
  "../vendor/lib/wllama/wllama.mjs",
  "../vendor/lib/wllama/wllama.wasm",
];

let isDone = false;

/** Registers the service worker and fills its cache, once; a browser that refuses leaves everything as it is. */
export async function keep() {
  if (isDone || !("serviceWorker" in navigator)) return;
  isDone = true;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const page = location.href.split("#")[0];
  const own = [page, ...loaded, ...FURTHER.map(file)].filter((url) => new URL(url).origin === location.origin);
  const cache = await caches.open(CACHE);
  for (const url of new Set(own)) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => {}); // what is missing then is asked for later
  }
  await navigator.serviceWorker.register(ownScript(new URL("service-worker.js", document.baseURI).href));
}
