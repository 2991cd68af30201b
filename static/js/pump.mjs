// Reads the body of a reply as fast as it comes and hands it to Python in few pieces.
//
// A piece that crosses into Python costs some tenths of a millisecond however small it is, so that one for each token
// would be the dearest part of a stream. What arrives at once, or after a pause, is handed over at once; all else is
// gathered for `interval` milliseconds. In a hidden tab, where timers sleep, the bytes themselves keep it going.

const CAP = 2 ** 20; // bytes gathered at most; then nothing is read until Python takes them, and the server has to wait

/**
 * `answer(bytes, failure)` is called once after each `next()`: with the next bytes, or with the name of the error that
 * ended the body, or with neither at its end. It is a callback and no promise, which would cost Python four times as
 * much. `first` and `idle` are the milliseconds without a byte, before the first one and later, that are an error of
 * the name "TimeoutError"; 0 for no limit.
 */
export function pump(body, interval, first, idle, answer) {
  const reader = body.getReader();
  let pieces = [];
  let size = 0;
  let handed = -Infinity; // when Python last got bytes
  let isOver = false;
  let failure;
  let isAwaited = false;
  let resume = null; // how to go on reading, while that has to wait
  let timer = 0;
  let heard = performance.now(); // when the last byte came, or reading began
  let hasMoved = false;
  let watching = 0;

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

  function proceed() {
    if (!isAwaited || !(size || isOver)) return;
    const rest = Math.ceil(handed + interval - performance.now()); // timers drop fractions, and would come too early
    if (rest > 0 && !isOver && size < CAP) {
      timer ||= setTimeout(() => {
        timer = 0;
        proceed();
      }, rest);
      return;
    }
    isAwaited = false;
    if (size) answer(take());
    else answer(undefined, failure);
  }

  function end(name) {
    if (isOver) return;
    isOver = true;
    failure = name;
    clearTimeout(timer);
    clearTimeout(watching);
    proceed();
  }

  /** One timer at a time for the whole stream: one for each chunk would cost more than to read the chunk. */
  function watch() {
    clearTimeout(watching);
    const limit = hasMoved ? idle : first;
    if (!limit || isOver) return;
    const rest = resume ? limit : heard + limit - performance.now();
    if (rest > 0) watching = setTimeout(watch, rest);
    else end("TimeoutError");
  }

  async function fill() {
    watch();
    for (;;) {
      const { value, done } = await reader.read();
      if (done || isOver) return;
      pieces.push(value);
      size += value.length;
      heard = performance.now();
      if (!hasMoved) {
        hasMoved = true;
        watch();
      }
      proceed();
      if (size >= CAP) {
        await new Promise((go) => (resume = go));
        resume = null;
        heard = performance.now();
      }
    }
  }

  fill().then(end, (error) => end(error.name));
  return {
    next() {
      isAwaited = true;
      proceed();
    },
    /** After this `answer` is not called any more. */
    stop() {
      isAwaited = false;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(watching);
    },
  };
}
