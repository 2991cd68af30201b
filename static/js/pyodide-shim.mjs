// The interpreter as PyScript sees it: `version` and `loadPyodide`, as pyscript.toml names it.
//
// Pyodide starts as soon as this module is loaded, beside PyScript and not after it; PyScript is handed the interpreter
// that is already there. It starts in the fastest way that works: from a memory snapshot, else from the compiled
// standard library, else from the plain one. `performance.mark("python-loaded").detail` tells which.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";
import { addressOf, download, readSizes } from "./downloads.mjs";
import * as modules from "./modules.mjs";
import { isLibrary, unpack } from "./snapshot.mjs";

export { version };

const WASM = "pyodide/pyodide.asm.wasm";
const LIBRARY = addressOf("python/stdlib_pyc.zip");
const APP = addressOf("app/app.zip");
const EMPTY_ZIP = Uint8Array.of(0x50, 0x4b, 5, 6, ...new Uint8Array(18));

const machine = download(WASM).then((response) => WebAssembly.compileStreaming(response));
const library = download("python/stdlib_pyc.zip").then((response) => response.arrayBuffer());
const snapshot = download("app/snapshot.bin.gz").then(unpack);
const served = fetch(addressOf("app/sources.sha256")).then((response) => (response.ok ? response.text() : ""));
readSizes().catch(() => {}); // without the sizes the bar only shows that something happens
for (const promise of [machine, library, snapshot, served]) promise.catch(() => {}); // each is awaited where it is used

// Pyodide and PyScript fetch by themselves what is on its way already: they get it from here.
const fetchNative = globalThis.fetch;
const answers = new Map([
  [addressOf(WASM), async () => new Response()], // compiled above; see instantiateStreaming
  [APP, async () => ((await hasServedApp()) ? new Response(EMPTY_ZIP) : fetchNative(APP))],
]);

function intercept() {
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = (resource, options) => {
    const answer = answers.get(String(resource?.url ?? new URL(resource, document.baseURI)));
    return answer ? answer() : fetchNative(resource, options);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await machine;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    globalThis.fetch = fetchNative;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

const options = { indexURL: addressOf("pyodide/"), lockFileURL: addressOf("wheels/pyodide-lock.json") };

function loadWith(bytes, more) {
  answers.set(LIBRARY, async () => new Response(bytes));
  // Pyodide only logs a failed compilation and then waits for ever, hence the race.
  return Promise.race([load({ ...options, ...more, stdLibURL: LIBRARY }), machine.then(() => new Promise(() => {}))]);
}

async function compiledLibrary() {
  const [bytes, { library: hash }] = await Promise.all([library, snapshot.catch(() => ({}))]);
  if (hash && !(await isLibrary(bytes, hash))) throw new Error("the compiled standard library is damaged");
  return bytes;
}

async function fromSnapshot() {
  const { memory } = await snapshot;
  const _snapshotDeserializer = () => modules; // the only object of ours that it refers to
  const python = await loadWith(await compiledLibrary(), { _loadSnapshot: memory, _snapshotDeserializer });
  python.runPython("import random; random.seed(); del random"); // else every page has the same random numbers
  return python;
}

const fromCompiledLibrary = async () => loadWith(await compiledLibrary());
const fromPlainLibrary = async () => loadWith(await (await download("pyodide/python_stdlib.zip")).arrayBuffer());

let startedFrom = "";

async function start() {
  const release = intercept();
  const ways = { snapshot: fromSnapshot, compiled: fromCompiledLibrary, plain: fromPlainLibrary };
  const failures = [];
  try {
    for (const [way, begin] of Object.entries(ways)) {
      try {
        const python = await begin();
        performance.mark("python-loaded", { detail: { way } });
        startedFrom = way;
        return python;
      } catch (error) {
        console.warn(`Python did not start (${way}):`, error);
        failures.push(error);
      }
    }
    throw new AggregateError(failures, String(failures.at(-1)?.message ?? failures.at(-1)));
  } finally {
    // app.zip is still to be fetched: PyScript does that next, and the app makes its requests only after it.
    addEventListener("py:ready", release, { once: true });
  }
}

export const started = start();
started.catch(() => {}); // boot.mjs and PyScript await it

/** Whether Python has the app already, as the server has it: it is in the snapshot, which may be of another version. */
async function hasServedApp() {
  await started;
  return startedFrom === "snapshot" && (await snapshot).app === (await served.catch(() => ""));
}

const DROP_OTHER_APP = `
import importlib, sys
for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
    del sys.modules[name]
importlib.invalidate_caches()
`;

/** Makes sure that the app that runs is the one that is served. Called when app.zip is unpacked, before the app starts. */
export async function dropOtherApp() {
  if (await hasServedApp()) return;
  const python = await started;
  const names = python.toPy({});
  python.runPython(DROP_OTHER_APP, { globals: names });
  names.destroy();
}

/** Hands PyScript the interpreter, with its output connected and its packages loaded. */
export async function loadPyodide({ stdout, stderr, packages = [] }) {
  const python = await started;
  python.setStdout({ batched: stdout });
  python.setStderr({ batched: stderr });
  python.registerJsModule("berth_modules", modules);
  if (packages.length) await python.loadPackage(packages);
  return python;
}
