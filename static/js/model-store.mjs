// Model files in this browser's own file system: what is there, and the jobs that change it, each in a worker.
// Loaded by app/browser/model_store.py, which says what each function promises.
import { startWorker } from "./trusted.mjs";

const WORKER = new URL("./model-store-worker.mjs", import.meta.url).href;
const STATE = "model.json";

/** Whether the browser has such a file system for this page. */
export const isThere = () => typeof navigator.storage?.getDirectory === "function";

async function models() {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle("models", { create: true });
}

const folderName = (id) => encodeURIComponent(id);

async function stateOf(folder) {
  const state = JSON.parse(await (await (await folder.getFileHandle(STATE)).getFile()).text());
  let done = 0;
  for (const [name] of state.files) {
    const handle = await folder.getFileHandle(name).catch(() => null);
    if (handle) done += (await handle.getFile()).size;
  }
  return { ...state, done };
}

/** Everything that is there, as JSON; a folder that cannot be read counts as an interrupted model of no size. */
export async function kept() {
  const found = [];
  for await (const [name, folder] of (await models()).entries()) {
    if (folder.kind !== "directory") continue;
    const id = decodeURIComponent(name);
    const state = await stateOf(folder).catch(() => ({ label: id, size: 0, url: "", whole: false, files: [], done: 0 }));
    found.push({ ...state, id });
  }
  return JSON.stringify(found);
}

/** The files of a model, in order; none if it is not there or not whole. */
export async function files(id) {
  const folder = await (await models()).getDirectoryHandle(folderName(id));
  const state = await stateOf(folder);
  if (!state.whole) return [];
  return Promise.all(state.files.map(async ([name]) => (await folder.getFileHandle(name)).getFile()));
}

export const remove = async (id) => (await models()).removeEntry(folderName(id), { recursive: true });

/**
 * Does a job; `progress(done, size, isChecking)` hears how far it is. Gives what there is then, as JSON. A failure rejects
 * with its kind as the error's name.
 */
export function run(verb, id, job, progress, signal) {
  const worker = startWorker(WORKER);
  return new Promise((resolve, reject) => {
    const fail = (kind, message) => reject(Object.assign(new Error(message), { name: kind }));
    signal.addEventListener("abort", () => fail("stopped", ""));
    worker.onerror = (event) => fail("broken", event.message ?? "");
    worker.onmessage = ({ data }) => {
      if (data.state) resolve(JSON.stringify({ ...data.state, id, done: data.state.size }));
      else if (data.kind) fail(data.kind, data.message);
      else progress(data.done, data.size, data.isChecking);
    };
    worker.postMessage({ verb, job: { ...job, folder: folderName(id) } });
  }).finally(() => worker.terminate());
}
