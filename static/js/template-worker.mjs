// Renders chat templates, which come with files of anyone: in a thread and an interpreter of its own, so that a template
// that never ends or fills the memory can be stopped. templates.mjs starts and stops it; app/browser/jinja.py renders.
import { loadPyodide } from "../vendor/pyodide/pyodide.mjs";

const vendor = new URL("../vendor/", import.meta.url).href;
const MOST_PAGES = 4096; // 256 MiB; an interpreter with Jinja2 takes about 40

// Python reads a refusal as "out of memory" and raises MemoryError.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength / 65536 + pages > MOST_PAGES) throw new RangeError("the template's memory is used up");
  return grow.call(this, pages);
};

const python = await loadPyodide({
  indexURL: `${vendor}pyodide/`,
  lockFileURL: `${vendor}wheels/pyodide-lock.json`,
  stdLibURL: `${vendor}python/stdlib_pyc.zip`,
  packages: ["jinja2", "markupsafe"],
});
const app = await fetch(`${vendor}app/app.zip`);
if (!app.ok) throw new Error(`app.zip: the server answered ${app.status}`);
python.unpackArchive(await app.arrayBuffer(), "zip");
const render = python.runPython("from app.browser.jinja import render; render");

// Whatever gets out of the sandbox finds no way out of the thread, and nothing that the page has stored.
const WAYS_OUT = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "Worker",
  "BroadcastChannel", "importScripts", "indexedDB", "caches", "cookieStore", "navigator"];
for (let object = globalThis; object; object = Object.getPrototypeOf(object)) {
  for (const name of WAYS_OUT) Reflect.deleteProperty(object, name);
}

onmessage = ({ data }) => {
  try {
    postMessage({ reply: render(data) });
  } catch (error) {
    postMessage({ broken: String(error) });
  }
};
postMessage({ ready: true });
