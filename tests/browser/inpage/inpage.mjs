// Starts the page's interpreter with the app's own modules, and nothing of the app.
import { loadPyodide } from "./static/js/pyodide-shim.mjs";

const python = await loadPyodide({ stdout: console.log, stderr: console.warn });
const app = await fetch("./static/vendor/app/app.zip");
python.unpackArchive(await app.arrayBuffer(), "zip", { extractDir: "/home/pyodide" });
dispatchEvent(new Event("py:ready"));
globalThis.python = python;
document.documentElement.dataset.inpage = "ready";
