// Starts the worker that renders chat templates, and ends it when a template takes too long.
import { startWorker } from "./trusted.mjs";

const START_MS = 60_000;
let room;

/** The next message of the worker; when none comes in time, or the worker fails, it is ended. */
function next(thread, milliseconds) {
  return new Promise((resolve, reject) => {
    const end = (reason) => {
      thread.terminate();
      room = undefined;
      reject(new Error(reason));
    };
    const timer = setTimeout(end, milliseconds, "time");
    thread.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data.broken) end("memory");
      else resolve(data);
    };
    thread.onerror = (event) => {
      event.preventDefault?.();
      clearTimeout(timer);
      end("start");
    };
  });
}

function open() {
  const thread = startWorker(new URL("template-worker.mjs", import.meta.url).href);
  return { thread, last: next(thread, START_MS) };
}

/**
 * Renders one template after the other.
 * @param {string} request JSON for app/browser/jinja.py
 * @param {number} milliseconds how long it may take, the start of the worker apart
 * @returns {Promise<string>} its JSON
 * @throws {Error} "time", "memory" or "start": the worker was ended, and the next call starts another
 */
export async function render(request, milliseconds) {
  room ??= open();
  const mine = room;
  mine.last = mine.last.then(() => {
    mine.thread.postMessage(request);
    return next(mine.thread, milliseconds);
  });
  return (await mine.last).reply;
}
