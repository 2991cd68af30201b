// Writes a snapshot of the interpreter's memory after some imports; static/js/snapshot.mjs describes the format.
//
//   node make_snapshot.mjs PYODIDE_FOLDER STDLIB.zip APP.zip APP_DIGEST OUTPUT.bin.gz MODULE…
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const PAGE = 4096;
process.once("uncaughtException", (error) => {
  console.error(error.message); // Python's traceback; that of JavaScript tells nothing
  process.exit(1);
});

const [folder, library, app, digest, output, ...modules] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);
const { info } = JSON.parse(await readFile(resolve(folder, "pyodide-lock.json"), "utf8"));

const python = await loadPyodide({
  indexURL: resolve(folder),
  stdLibURL: resolve(library),
  lockFileContents: JSON.stringify({ info, packages: {} }),
  _makeSnapshot: true,
});
// As PyScript does it in the page, so that every module has the path there that it has here.
python.FS.writeFile("/tmp/app.zip", new Uint8Array(await readFile(app)));
const ownModules = {}; // stands for static/js/modules.mjs, which the shim puts in its place
python.registerJsModule("berth_modules", ownModules);
python.globals.set("MODULES", modules.join(" "));
python.FS.writeFile("in_snapshot.py", await readFile(resolve(import.meta.dirname, "in_snapshot.py")));
python.runPython(`
import in_snapshot, shutil
shutil.unpack_archive("/tmp/app.zip", ".")
in_snapshot.fill(MODULES.split(), "pyscript")
del in_snapshot, shutil, MODULES
`);
const memory = python.makeMemorySnapshot({
  serializer(object) {
    if (object === ownModules) return "berth_modules";
    throw new Error("A module of the app keeps a JavaScript object when it is imported.");
  },
});

const runs = [];
for (let start = 0; start < memory.length; start += PAGE) {
  const page = memory.subarray(start, start + PAGE);
  if (!page.some((byte) => byte)) continue;
  const last = runs.at(-1);
  if (last && last[0] + last[1] === start) last[1] += page.length;
  else runs.push([start, page.length]);
}
const hashes = [createHash("sha256").update(await readFile(library)).digest(), Buffer.from(digest, "hex")];
const table = Buffer.from(new Uint32Array([memory.length, runs.length, ...runs.flat()]).buffer);
const pieces = runs.map(([offset, length]) => memory.subarray(offset, offset + length));
await writeFile(output, gzipSync(Buffer.concat([...hashes, table, ...pieces]), { level: 9 }));
