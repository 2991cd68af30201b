// A snapshot of the interpreter's memory after its first imports: restoring it is several times faster than repeating
// them. dev/make_snapshot.mjs writes it. Inside gzip, whose checksum finds damage:
//   SHA-256 of the standard library it belongs to, and of the app's sources, 32 bytes each; then little-endian 32 bit
//   numbers: size of the memory, count of runs, for each run its offset and length; then the bytes of the runs. What is
//   in no run is zero.

const HASH = 32;
const HEAD = 2 * HASH;
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Unpacks a snapshot: the memory, and the hashes of its library and its app in hexadecimal. */
export async function unpack(response) {
  const packed = await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  const [size, count] = new Uint32Array(packed, HEAD, 2);
  const runs = new Uint32Array(packed, HEAD + 8, 2 * count);
  const memory = new Uint8Array(size);
  let position = HEAD + 8 + 8 * count;
  for (let i = 0; i < 2 * count; i += 2) {
    memory.set(new Uint8Array(packed, position, runs[i + 1]), runs[i]);
    position += runs[i + 1];
  }
  return { memory, library: hex(packed.slice(0, HASH)), app: hex(packed.slice(HASH, HEAD)) };
}

/**
 * Whether these bytes are the library with that hash. A snapshot holds offsets into it, so it must be the very same.
 * Without a secure context the browser offers no hashes, and the files are taken to belong together.
 */
export async function isLibrary(bytes, hash) {
  return !globalThis.crypto?.subtle || hex(await crypto.subtle.digest("SHA-256", bytes)) === hash;
}
