// Reads the body of a reply as fast as it comes and hands it to Python in few pieces.
//
// A piece that crosses into Python costs some tenths of a millisecond however small it is, so that one for each token
// would be the dearest part of a stream. What arrives at once, or after a pause, is handed over at once; all else is
// gathered for `interval` milliseconds. In a hidden tab, where timers sleep, the bytes themselves keep it going.

const CAP = 2 ** 20; // bytes gathered at most; then nothing is read until Python takes them, and the server has to wait

/** `first` and `idle` are the milliseconds without a byte, before the first one and later, that end it; 0 for no limit. */
export function pump(body, interval, first, idle) {
  const reader = body.getReader();
  let pieces = [];
  let size = 0;
  let handed = -Infinity; // when Python last got a piece
  let isOver = false;
  let failure = null;
  let waiting = null; // how to answer Python, when it waits
  let resume = null; // how to go on reading, when that has to wait
  let timer = 0;

  function take() {
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    pieces = [];
    size = 0;
    handed = performance.now();
    resume?.();
    return whole;
  }

  function answer() {
    if (!waiting) return;
    const { resolve, reject } = waiting;
    const rest = handed + interval - performance.now();
    if (size && rest > 0 && !isOver && size < CAP) {
      timer ||= setTimeout(() => {
        timer = 0;
        answer();
      }, rest);
      return;
    }
    if (!size && !isOver) return;
    waiting = null;
    if (size) resolve(take());
    else if (failure) reject(failure);
    else resolve();
  }

  function end(error) {
    if (isOver) return;
    isOver = true;
    failure = error;
    clearTimeout(timer);
    answer();
  }

  async function fill() {
    for (let limit = first; ; limit = idle) {
      const watch = limit && setTimeout(() => end(new DOMException("nothing came", "TimeoutError")), limit);
      const { value, done } = await reader.read().finally(() => clearTimeout(watch));
      if (done || isOver) return;
      pieces.push(value);
      size += value.length;
      answer();
      if (size >= CAP) await new Promise((go) => (resume = go));
    }
  }

  fill().then(() => end(null), end);
  return {
    /** The next bytes; undefined after the last ones. Rejected when the body breaks off, or stays silent for too long. */
    next: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        answer();
      }),
  };
}
