// A WebSocket as a body that a reader reads: each message becomes one server-sent event.

const encoder = new TextEncoder();
const OVER = new Set([1000, 1001, 1005]); // done; the server goes away; closed without a word
const LOST = 1006; // no closing handshake: the connection broke

/** A message, or a reason of the server's own to close, as an event. */
function asEvent(text, name) {
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return encoder.encode(`${name ? `event: ${name}\n` : ""}${lines.join("")}\n`);
}

/**
 * Opens a socket and, if there is a `message`, sends it. Resolves when the socket is open, with its body and with what
 * closes it; rejects when it does not open. `signal` closes it at any time.
 */
export function open(url, message, signal) {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const decoder = new TextDecoder();
  let body; // the controller of the body's stream
  const stream = new ReadableStream({ start: (controller) => (body = controller) });
  let isOver = false;

  function end(finish) {
    if (isOver) return;
    isOver = true;
    finish();
  }

  const opened = new Promise((resolve, reject) => {
    socket.addEventListener("open", () => {
      if (message !== undefined) socket.send(message);
      resolve(stream);
    });
    socket.addEventListener("close", ({ code }) => reject(new Error(`closed with ${code}`))); // of no effect once open
  });
  socket.addEventListener("message", ({ data }) => {
    if (!isOver) body.enqueue(asEvent(typeof data === "string" ? data : decoder.decode(data)));
  });
  socket.addEventListener("close", ({ code, reason }) => {
    end(() => {
      if (OVER.has(code)) return body.close();
      if (code === LOST || !reason) return body.error(new Error(`closed with ${code}`));
      body.enqueue(asEvent(JSON.stringify({ error: { message: reason, code } }), "error"));
      body.close();
    });
  });
  signal.addEventListener("abort", () => {
    end(() => body.close());
    socket.close();
  });
  return opened;
}
