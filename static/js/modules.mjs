// The JavaScript that Python has from the start, and the modules that it loads when it first needs them; the shim
// registers this one as `berth_modules`.
const modules = {
  attachments: () => import("./attachments.mjs"),
  engine: () => import("./engine.mjs"),
  formulas: () => import("./formulas.mjs"),
  highlight: () => import("./highlight.mjs"),
  database: () => import("./database.mjs"),
  markdown: () => import("./markdown.mjs"),
  "model-store": () => import("./model-store.mjs"),
  pump: () => import("./pump.mjs"),
  socket: () => import("./socket.mjs"),
  streams: () => import("./streams.mjs"),
  templates: () => import("./templates.mjs"),
};

export const load = (name) => modules[name]();

/** Calls `tell(true, value)` when a promise is kept, `tell(false, reason)` when it is broken. */
export function settle(promise, tell) {
  promise.then(
    (value) => tell(true, value),
    (reason) => tell(false, reason),
  );
}
