// The interpreter as PyScript sees it: Pyodide, with the page's own files in place of the stock ones.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

const vendor = new URL("../vendor/", import.meta.url).href;

export { version };

export const loadPyodide = (options) =>
  load({
    ...options,
    indexURL: `${vendor}pyodide/`,
    lockFileURL: `${vendor}wheels/pyodide-lock.json`,
    stdLibURL: `${vendor}python/stdlib_pyc.zip`,
  });
