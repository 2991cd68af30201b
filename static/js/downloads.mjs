// The large downloads of the start: begun at once and counted by the byte.

const vendor = new URL("../vendor/", import.meta.url).href;
const fetchNative = globalThis.fetch.bind(globalThis);

/** Name to bytes: `received` so far, `expected` by the manifest (0 until it is known), `done`. */
const files = new Map();
const listeners = new Set();

/** The address of a file in static/vendor. */
export const addressOf = (name) => vendor + name;

/** Calls back whenever `total()` has changed. */
export const onBytes = (callback) => listeners.add(callback);

function announce() {
  for (const callback of listeners) callback();
}

/**
 * Begins a download.
 * @param {string} name a file in static/vendor
 * @returns {Promise<Response>} as it came, and not a wrapped one: the browser keeps the code that it compiles of WebAssembly
 *   only of such; a copy of its body is counted
 * @throws {Error} when the server does not have it
 */
export async function download(name) {
  const file = { received: 0, expected: 0, done: false };
  files.set(name, file);
  const response = await fetchNative(addressOf(name));
  if (!response.ok) {
    files.delete(name);
    throw new Error(`static/vendor/${name}: the server answered ${response.status}`);
  }
  count(file, response.clone().body.getReader()).catch(() => {}); // who reads the response is told what went wrong
  return response;
}

async function count(file, reader) {
  for (let piece; !file.done; announce()) {
    piece = await reader.read();
    file.received += piece.value?.byteLength ?? 0;
    file.done = piece.done;
  }
}

/**
 * Reads how large the files are. A Content-Length would not do: a server that compresses gives another number, or none.
 */
export async function readSizes() {
  const sizes = await (await fetchNative(addressOf("sizes.json"))).json();
  for (const [name, file] of files) file.expected = sizes[name] ?? 0;
  announce();
}

/** The sum over all downloads, in bytes; `expected` is 0 as long as a size is unknown. */
export function total() {
  const all = [...files.values()];
  const size = (file) => (file.done ? file.received : Math.max(file.expected, file.received));
  return {
    received: all.reduce((sum, file) => sum + file.received, 0),
    expected: all.every((file) => file.done || file.expected) ? all.reduce((sum, file) => sum + size(file), 0) : 0,
  };
}
