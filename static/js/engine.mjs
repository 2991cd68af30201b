// The page's end of the engine: starts its worker, hands it files and requests, and makes replies of what it says.
// Loaded by app/browser/engine.py, which says what each function promises.
import { startWorker } from "./trusted.mjs";

const WORKER = new URL("./engine-worker.mjs", import.meta.url).href;

const CALM = 3000; // milliseconds after loading a model until its page is kept for later: the first answer comes first

let worker = null;
let starting = null; // settles when the worker is there
let hasModel = false; // or had one: a worker loads one model and no second
let last = 0;
const waiting = new Map(); // what is waited for, by number

function listen({ data }) {
  waiting.get(data.id)?.(data);
}

/** Ends the engine with all it holds; what is waited for fails. */
export function exit(reason = "The engine was ended.") {
  worker?.terminate();
  worker = null;
  starting = null;
  hasModel = false;
  for (const tell of [...waiting.values()]) tell({ failure: reason, gone: true });
  waiting.clear();
}

/** Starts the engine without a model, if it is not there: its code is then fetched and read. */
export function prepare() {
  starting ??= start();
  return starting;
}

async function start() {
  const begun = startWorker(WORKER);
  worker = begun;
  await new Promise((resolve, reject) => {
    begun.onmessage = resolve;
    begun.onerror = (event) => reject(new Error(event.message || "The engine's files could not be loaded."));
  });
  begun.onmessage = listen;
  begun.onerror = (event) => exit(event.message || "The engine crashed.");
}

/** Loads a model; `progress(share)` is called from 0 to 1. Gives the context in tokens and the number of threads. */
export async function load(options, progress) {
  if (hasModel) exit();
  await prepare();
  hasModel = true;
  const engine = worker;
  const id = (last += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ share, loaded, failure }) => {
      if (share !== undefined) return progress(share);
      waiting.delete(id);
      if (loaded) {
        resolve(loaded);
        setTimeout(() => import("./offline.mjs").then((offline) => offline.keep()).catch(() => {}), CALM);
      } else reject(new Error(failure));
    });
    engine.postMessage({ verb: "load", id, options });
  });
}

/**
 * The reply to a request, when its first bytes are there: its media type and its body. A failure before them rejects; a
 * later one comes as the event in which OpenAI's API tells one.
 */
export function answer(path, body, signal) {
  const id = (last += 1);
  const type = JSON.parse(body).stream === true ? "text/event-stream" : "application/json";
  return new Promise((resolve, reject) => {
    let pipe = null;
    const open = () => {
      if (pipe) return;
      resolve({ type, body: new ReadableStream({ start: (controller) => (pipe = controller) }) });
    };
    const close = () => {
      waiting.delete(id);
      signal.removeEventListener("abort", stop);
    };
    const stop = () => {
      worker?.postMessage({ verb: "stop", id });
      close();
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop);
    waiting.set(id, ({ bytes, end, failure }) => {
      if (bytes) {
        open();
        pipe.enqueue(bytes);
        return;
      }
      close();
      if (failure !== undefined && !pipe) return reject(new Error(failure));
      open();
      if (failure !== undefined) {
        const event = `data: ${JSON.stringify({ error: { message: failure } })}\n\n`;
        pipe.enqueue(new TextEncoder().encode(event));
      }
      pipe.close();
      return end;
    });
    if (!worker) waiting.get(id)({ failure: "The engine holds no model." });
    else worker.postMessage({ verb: "answer", id, path, body });
  });
}

/** A file that ships with the page, as a `File`. */
export async function shipped(name) {
  const reply = await fetch(new URL(`../models/${name}`, import.meta.url));
  if (!reply.ok) throw new Error(`${reply.status} ${reply.url}`);
  return new File([await reply.blob()], name);
}
