// Writes a snapshot of the interpreter's memory after the given imports; static/js/snapshot.mjs describes the format.
//
//   node make_snapshot.mjs PYODIDE_FOLDER STDLIB.zip LOCK.json OUTPUT.bin.gz MODULE…
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const PAGE = 4096;
const [folder, library, lock, output, ...modules] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);

const python = await loadPyodide({
  indexURL: resolve(folder),
  stdLibURL: resolve(library),
  lockFileContents: JSON.stringify({ ...JSON.parse(await readFile(lock, "utf8")), packages: {} }),
  _makeSnapshot: true,
});
python.runPython(`import ${modules.join(", ")}; del ${[...new Set(modules.map((name) => name.split(".")[0]))].join(", ")}`);
const memory = python.makeMemorySnapshot();

const runs = [];
for (let start = 0; start < memory.length; start += PAGE) {
  const page = memory.subarray(start, start + PAGE);
  if (!page.some((byte) => byte)) continue;
  const last = runs.at(-1);
  if (last && last[0] + last[1] === start) last[1] += page.length;
  else runs.push([start, page.length]);
}
const hash = createHash("sha256").update(await readFile(library)).digest();
const table = Buffer.from(new Uint32Array([memory.length, runs.length, ...runs.flat()]).buffer);
const pieces = runs.map(([offset, length]) => memory.subarray(offset, offset + length));
await writeFile(output, gzipSync(Buffer.concat([hash, table, ...pieces]), { level: 9 }));
