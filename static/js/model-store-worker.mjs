// Writes model files into this browser's file system (OPFS): copies, downloads, checksums. One worker a job; ending it
// ends the job, and what was written stays. static/js/model-store.mjs starts it.
import "../vendor/lib/hash-wasm/sha256.js";

const BLOCK = 2 ** 22; // bytes read at a time
const FLUSH = 2 ** 26; // bytes after which the disk gets what was written
const MAGIC = [0x47, 0x47, 0x55, 0x46]; // "GGUF"
const STATE = "model.json";

class Failure extends Error {
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

const KINDS = { QuotaExceededError: "quota", NoModificationAllowedError: "busy", InvalidStateError: "busy", NotReadableError: "source" };

async function folderOf(folder) {
  const root = await navigator.storage.getDirectory();
  return (await root.getDirectoryHandle("models", { create: true })).getDirectoryHandle(folder, { create: true });
}

/** Opens a file for writing in place, which no other tab can do meanwhile. */
const opened = async (folder, name) => (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();

async function using(folder, name, work) {
  const handle = await opened(folder, name);
  try {
    return await work(handle);
  } finally {
    handle.close();
  }
}

const writeState = (folder, state) =>
  using(folder, STATE, (handle) => {
    handle.truncate(0);
    handle.write(new TextEncoder().encode(JSON.stringify(state)), { at: 0 });
    handle.flush();
  });

const readState = (folder) =>
  using(folder, STATE, (handle) => {
    const bytes = new Uint8Array(handle.getSize());
    handle.read(bytes, { at: 0 });
    return bytes.length ? JSON.parse(new TextDecoder().decode(bytes)) : {};
  });

/** Feeds what is in an open file to a hash, up to `end`. */
function hashStored(handle, hash, end, advance) {
  const block = new Uint8Array(BLOCK);
  for (let at = 0; at < end; ) {
    const part = block.subarray(0, Math.min(BLOCK, end - at));
    const count = handle.read(part, { at });
    if (!count) throw new Failure("differs", `it ends at ${at} of ${end} bytes`);
    hash.update(part.subarray(0, count));
    at += count;
    advance(count);
  }
}

/** Appends a stream to an open file from `at` on, through a hash. Gives the length. */
async function append(stream, handle, at, hash, advance, cut) {
  const reader = stream.getReader();
  let unsaved = 0;
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw new Failure(cut, error.message);
    });
    if (done) break;
    if (at === 0 && MAGIC.some((byte, index) => value.length > index && value[index] !== byte)) {
      throw new Failure("refused", "what came is no GGUF file");
    }
    if (handle.write(value, { at }) !== value.length) throw new Failure("quota");
    hash.update(value);
    at += value.length;
    advance(value.length);
    if ((unsaved += value.length) >= FLUSH) {
      handle.flush();
      unsaved = 0;
    }
  }
  handle.flush();
  return at;
}

const sha256 = async () => (await globalThis.hashwasm.createSHA256()).init();

/** What is stored, hashed anew from the disk, has to be what was read. */
async function check(handle, size, expected, advance) {
  if (handle.getSize() !== size) throw new Failure("differs", `${handle.getSize()} of ${size} bytes`);
  const hash = await sha256();
  hashStored(handle, hash, size, advance);
  const found = hash.digest();
  if (found !== expected) throw new Failure("differs", `${found} instead of ${expected}`);
}

async function keep({ folder: name, label, files }, tell) {
  const folder = await folderOf(name);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const before = await readState(folder);
  const state = { label, size, url: "", whole: false, files: files.map((file) => [file.name, file.size, ""]) };
  const isSame = JSON.stringify(before.files?.map((file) => file.slice(0, 2))) === JSON.stringify(state.files.map((file) => file.slice(0, 2)));
  await writeState(folder, state);
  const moved = counter(tell, size);
  for (const [index, file] of files.entries()) {
    await using(folder, file.name, async (handle) => {
      if (!isSame || handle.getSize() > file.size) handle.truncate(0);
      const start = handle.getSize();
      const hash = await sha256();
      // What an earlier attempt copied is not copied again, but the checksum is that of the whole source.
      await feed(file.slice(0, start).stream(), hash, moved);
      await append(file.slice(start).stream(), handle, start, hash, moved, "source");
      state.files[index][2] = hash.digest();
    });
  }
  return finished(folder, state, tell);
}

async function feed(stream, hash, advance) {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw new Failure("source", error.message);
    });
    if (done) return;
    hash.update(value);
    advance(value.length);
  }
}

async function download({ folder: name, label, urls, names, checksum }, tell) {
  const folder = await folderOf(name);
  const before = await readState(folder);
  const known = JSON.stringify(before.files?.map(([file]) => file)) === JSON.stringify(names) ? before : {};
  const state = { label, size: 0, url: urls[0], whole: false, files: names.map((file, index) => [file, known.files?.[index][1] ?? 0, ""]) };
  state.marks = known.marks ?? names.map(() => "");
  await writeState(folder, state);
  let done = 0;
  for (const [index, url] of urls.entries()) {
    await using(folder, names[index], async (handle) => {
      const reply = await ask(url, handle, state, index);
      if (reply.total) {
        state.files[index][1] = reply.total;
        state.marks[index] = reply.mark;
        state.size = state.files.reduce((sum, file) => sum + file[1], 0);
        await writeState(folder, state);
        await room(reply.total - reply.start);
      }
      const hash = await sha256();
      const moved = (count) => tell((done += count), urls.length === 1 || index === urls.length - 1 ? state.size : 0, false);
      hashStored(handle, hash, reply.start, moved);
      const length = reply.body ? await append(reply.body, handle, reply.start, hash, moved, "cut") : reply.start;
      if (reply.total && length < reply.total) throw new Failure("cut", `${length} of ${reply.total} bytes`);
      state.files[index][1] = length;
      state.files[index][2] = hash.digest();
    });
    if (checksum && state.files[index][2] !== checksum) {
      await folder.removeEntry(names[index]);
      throw new Failure("checksum", `${state.files[index][2]} instead of ${checksum}`);
    }
  }
  state.size = state.files.reduce((sum, file) => sum + file[1], 0);
  return finished(folder, state, tell);
}

/** Asks for the rest of a file; a server that does not know ranges, or has another file by now, sends all of it. */
async function ask(url, handle, state, index) {
  let start = handle.getSize();
  const [, size] = state.files[index];
  if (start && start === size) return { start, total: size, mark: state.marks[index], body: null };
  const get = async (headers) => {
    const options = { headers, mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
    const reply = await fetch(url, options).catch((error) => {
      throw new Failure(start ? "cut" : "unreachable", error.message);
    });
    return reply;
  };
  let reply = await get(start ? { Range: `bytes=${start}-` } : {});
  const length = () => Number(reply.headers.get("content-length")) || 0;
  const mark = () => reply.headers.get("last-modified") ?? "";
  const isRest = reply.status === 206 && (!size || start + length() === size) && mark() === state.marks[index];
  if (start && !isRest) {
    if (reply.status !== 200) {
      await reply.body?.cancel();
      reply = await get({});
    }
    start = 0;
    handle.truncate(0);
  }
  if (!reply.ok) throw new Failure("refused", `HTTP ${reply.status}`);
  const isPacked = Boolean(reply.headers.get("content-encoding"));
  return { start, total: length() && !isPacked ? start + length() : 0, mark: mark(), body: reply.body };
}

async function room(needed) {
  const { quota, usage } = await navigator.storage.estimate();
  if (needed > quota - usage) throw new Failure("quota");
}

async function finished(folder, state, tell) {
  const checked = counter((done, size) => tell(done, size, true), state.size);
  for (const [name, size, expected] of state.files) {
    await using(folder, name, (handle) => check(handle, size, expected, checked));
  }
  const whole = { ...state, whole: true };
  await writeState(folder, whole);
  return whole;
}

function counter(tell, size) {
  let done = 0;
  return (count) => tell((done += count), size, false);
}

async function rename({ folder: name, label }) {
  const folder = await folderOf(name);
  const state = { ...(await readState(folder)), label };
  await writeState(folder, state);
  return state;
}

const jobs = { keep, download, rename };

onmessage = async ({ data: { verb, job } }) => {
  let told = -Infinity;
  let latest;
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    told = performance.now();
    postMessage(latest);
  };
  // Ten times a second at most, and the last one always: what stalls shall stand where it is.
  const tell = (done, size, isChecking) => {
    latest = { done, size, isChecking };
    const rest = told + 100 - performance.now();
    if (rest <= 0 || (size && done >= size)) send();
    else timer ||= setTimeout(send, rest);
  };
  try {
    const state = await jobs[verb](job, tell);
    clearTimeout(timer);
    postMessage({ state });
  } catch (error) {
    clearTimeout(timer);
    postMessage({ kind: error.kind ?? KINDS[error.name] ?? "broken", message: error.message });
  }
};
