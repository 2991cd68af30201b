// The JavaScript modules that Python loads when it first needs them; the shim registers this one as `berth_modules`.
const modules = {
  idb: () => import("../vendor/lib/idb.mjs"),
  markdown: () => import("./markdown.mjs"),
};

export const load = (name) => modules[name]();
