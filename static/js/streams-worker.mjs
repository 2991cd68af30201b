// Reads streamed replies off the page's own thread, where each network packet of a stream would cost as much as a token.
// static/js/streams.mjs is the page's end.
import { pump } from "./pump.mjs";

const exchanges = new Map(); // by number: what ends one, and its pump once that is wanted

async function open({ id, url, options }) {
  const controller = new AbortController();
  exchanges.set(id, { controller });
  try {
    const reply = await fetch(url, { ...options, signal: controller.signal });
    if (!exchanges.has(id)) return;
    exchanges.get(id).body = reply.body;
    const { status, url: address } = reply;
    postMessage({ id, head: { status, url: address, headers: Object.fromEntries(reply.headers), isEmpty: !reply.body } });
  } catch (error) {
    postMessage({ id, failure: String(error) });
  }
}

function read({ id, limits }) {
  const exchange = exchanges.get(id);
  exchange.pump = pump(exchange.body, ...limits, (bytes, failure) =>
    postMessage({ id, bytes, failure }, bytes ? [bytes.buffer] : []),
  );
}

function close({ id }) {
  const { pump: running, controller } = exchanges.get(id) ?? {};
  exchanges.delete(id);
  running?.stop();
  controller?.abort();
}

const verbs = { open, read, close, next: ({ id }) => exchanges.get(id)?.pump.next() };

addEventListener("message", ({ data }) => verbs[data.verb](data));
