// Streamed replies, which a worker reads: the page's end of static/js/streams-worker.mjs.
// Loaded by app/browser/http.py.
import { startWorker } from "./trusted.mjs";

const WORKER = new URL("./streams-worker.mjs", import.meta.url).href;

let worker = null;
let last = 0;
const exchanges = new Map(); // who is told what the worker says, by number

function start() {
  worker = startWorker(WORKER);
  worker.onmessage = ({ data }) => exchanges.get(data.id)?.(data);
  worker.onerror = (event) => {
    const failure = event.message || "static/js/streams-worker.mjs could not be loaded.";
    worker = null;
    for (const tell of [...exchanges.values()]) tell({ failure });
  };
  return worker;
}

/**
 * Sends a request. `opened` becomes the head of its reply: status, url, headers and whether the body `isEmpty`. `pump` is
 * that of static/js/pump.mjs for the body, and `close` ends the request, in whatever state it is.
 */
export function send(url, options) {
  const id = (last += 1);
  const reader = worker ?? start();
  const say = (verb, more) => reader.postMessage({ verb, id, ...more });
  const opened = new Promise((resolve, reject) => {
    exchanges.set(id, ({ head, failure }) => (head ? resolve(head) : reject(new Error(failure))));
  });
  say("open", { url, options });
  return {
    opened,
    pump(...limitsAndAnswer) {
      const answer = limitsAndAnswer.pop();
      exchanges.set(id, ({ bytes, failure }) => answer(bytes, failure));
      say("read", { limits: limitsAndAnswer });
      return { next: () => say("next"), stop: () => exchanges.delete(id) };
    },
    close() {
      exchanges.delete(id);
      say("close");
    },
  };
}
