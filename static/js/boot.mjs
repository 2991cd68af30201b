// Starts the interpreter.
const { hooks } = await import("../vendor/pyscript/core.js");

// PyScript reads every worker hook, also for a script on the main thread, and this one is built with Function(), which
// the page's policy forbids. Tied to the pinned version of PyScript; tests/browser/test_csp.py watches it.
hooks.worker.onBeforeRunAsync.clear();

addEventListener("py:ready", () => performance.mark("python-ready"));
