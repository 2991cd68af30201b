// Compiles the Python sources in a zip with Pyodide itself, so that the page never compiles them.
//
//   node compile_zip.mjs PYODIDE_FOLDER SOURCE.zip OUTPUT.zip PREFIX
//
// PREFIX is where the page will see the files: it is what tracebacks name. The output is deterministic.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

process.once("uncaughtException", (error) => {
  console.error(error.message); // Python's traceback; that of JavaScript tells nothing
  process.exit(1);
});

const [folder, source, output, prefix] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);

const python = await loadPyodide({ indexURL: resolve(folder) });
python.FS.writeFile("/source.zip", new Uint8Array(await readFile(source)));
python.globals.set("PREFIX", prefix);
python.runPython(`
import importlib._bootstrap_external as bootstrap
import importlib.util
import zipfile

with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/output.zip", "w") as output:
    for name in sorted(source.namelist()):
        data = source.read(name)
        if name.endswith(".py"):
            # optimize=2 leaves out docstrings and asserts: nothing in the page reads them.
            code = compile(data, PREFIX + name, "exec", dont_inherit=True, optimize=2)
            data = bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(data), False)
            name += "c"
        entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))  # a fixed date keeps the zip reproducible
        output.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
`);
await writeFile(output, python.FS.readFile("/output.zip"));
