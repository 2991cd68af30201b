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

  function proceed() {
    if (!isAwaited || !(size || isOver)) return;
    const rest = handed + interval - performance.now();
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
    proceed();
  }

  async function fill() {
    for (let limit = first; ; limit = idle) {
      const watch = limit && setTimeout(end, limit, "TimeoutError");
      const { value, done } = await reader.read().finally(() => clearTimeout(watch));
      if (done || isOver) return;
      pieces.push(value);
      size += value.length;
      proceed();
      if (size >= CAP) await new Promise((go) => (resume = go));
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
    },
  };
}
