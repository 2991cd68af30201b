// The JavaScript modules that Python loads when it first needs them; the shim registers this one as `berth_modules`.
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
  templates: () => import("./templates.mjs"),
};

export const load = (name) => modules[name]();
