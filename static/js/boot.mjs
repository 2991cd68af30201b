// Starts Berth: the interpreter, then PyScript, then app/start.py; and keeps the page useful until then.
//
// What it needs of index.html:
//   html[data-state]         "booting" in the page; "ready" is set by app/main.py, "failed" here
//   #boot-progress           progress bar, 0 to 100; without a value while it is unknown how long it takes
//   #boot-phase              what is being done, in words
//   #boot-failure            filled when the start fails
//   form#composer, #message  usable from the first paint; Send pressed early sets form.dataset.pending = "send",
//                            which app/main.py carries out
//   #boot-note               says so
// The event "berth:reload" on the document loads the page again and keeps what is typed.
import { keepDraft, restoreDraft, takeEarlySend } from "./boot-composer.mjs";
import { explain, showFailure } from "./boot-failure.mjs";
import { megabytes, text } from "./boot-text.mjs";
import { onBytes, total } from "./downloads.mjs";

const PATIENCE = 60_000; // milliseconds without any progress before the start counts as failed
const DOWNLOADED = 80; // percent of the bar; the rest is for the two phases that cannot be counted
const STARTED = 90;

const root = document.documentElement;
const bar = document.getElementById("boot-progress");
const phase = document.getElementById("boot-phase");

let patience = 0;
let frame = 0;

const isBooting = () => root.dataset.state === "booting";

function show(words, percent) {
  delete phase.dataset.t; // else who translates the page while it is parsed puts back what stood there
  phase.textContent = words;
  if (percent === undefined) bar.removeAttribute("value");
  else bar.value = percent;
}

function waitFurther() {
  clearTimeout(patience);
  patience = setTimeout(() => fail(new Error(`nothing has happened for ${PATIENCE / 1000} seconds`)), PATIENCE);
}

function showBytes() {
  frame = 0;
  const { received, expected } = total();
  if (!isBooting() || phase.dataset.after === "downloads") return;
  if (!expected) show(text.loading(megabytes(received)));
  else if (received < expected)
    show(text.loadingOf(megabytes(received), megabytes(expected)), (DOWNLOADED * received) / expected);
  else show(text.starting, DOWNLOADED);
}

function fail(error) {
  if (!isBooting()) return;
  root.dataset.state = "failed";
  console.error(error);
  showFailure(explain(error), reload);
}

function reload() {
  keepDraft();
  location.reload();
}

function finish() {
  clearTimeout(patience);
  removeEventListener("error", onError);
  removeEventListener("unhandledrejection", onRejection);
}

/** The app looks for its elements when it is built; this script runs while the browser still reads the page. */
const parsed = () =>
  document.readyState === "loading" && new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));

const onError = (event) => fail(event.error ?? event.message);
const onRejection = (event) => fail(event.reason);

async function start() {
  if (!globalThis.WebAssembly?.compileStreaming || !globalThis.DecompressionStream)
    throw Object.assign(new Error("WebAssembly or DecompressionStream is missing"), { name: "OldBrowser" });
  // Asked for together, awaited one after the other: the interpreter starts while PyScript is loaded.
  const interpreter = import("./pyodide-shim.mjs");
  const library = import("../vendor/pyscript/core.js");
  library.catch(() => {});
  const { dropOtherApp, started } = await interpreter;
  const { hooks } = await library;

  // PyScript reads every worker hook, also for a script on the main thread, and this one is built with Function(), which
  // the page's policy forbids. Tied to the pinned version of PyScript; tests/browser/test_csp.py watches it.
  hooks.worker.onBeforeRunAsync.clear();
  // What the app raises while it starts reaches PyScript's stderr as an error; what it prints arrives as text.
  hooks.main.onReady.add(({ io }) => {
    const { stderr } = io;
    io.stderr = (message, ...rest) => (message instanceof Error && isBooting() ? fail(message) : stderr(message, ...rest));
  });
  hooks.main.onReady.add(dropOtherApp);
  hooks.main.onReady.add(parsed);
  await started;
}

addEventListener("error", onError);
addEventListener("unhandledrejection", onRejection);
addEventListener("py:progress", waitFurther);
addEventListener("py:ready", () => {
  performance.mark("python-ready");
  phase.dataset.after = "downloads";
  show(text.opening, STARTED);
  waitFurther();
});
new MutationObserver((_, observer) => {
  if (isBooting()) return;
  observer.disconnect();
  finish();
}).observe(root, { attributeFilter: ["data-state"] });
onBytes(() => {
  waitFurther();
  frame ||= requestAnimationFrame(showBytes);
});
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("shell-painted")));

document.addEventListener("berth:reload", reload);
restoreDraft();
takeEarlySend();
waitFurther();
start().catch(fail);
