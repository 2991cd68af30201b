// llama.cpp beside the page: wllama in a worker of its own, so that neither the page's work slows the model down nor the
// model the page. It answers requests in OpenAI's form, as llama-server would. static/js/engine.mjs talks to it.
import { Wllama } from "../vendor/lib/wllama/wllama.mjs";

const WASM = new URL("../vendor/lib/wllama/wllama.wasm", import.meta.url).href;
const GATHERING = 16; // milliseconds for which the pieces of an answer are gathered before they are handed on
const WARNINGS = 3; // wllama's log level

let engine = null;
let lines = []; // what llama.cpp complained about last: the only place where it says why a model cannot be loaded
const answers = new Map(); // the answers that are coming, and how to end them

const note = (...parts) => (lines = [...lines.slice(-7), parts.map((part) => part?.message ?? String(part)).join(" ").trim()]);
const logger = { debug() {}, log: note, warn: note, error: note };

const said = (error) => [error?.message ?? String(error), ...lines].filter(Boolean).join("\n");

/** A file whose reading is watched: `tell` hears of each further byte that was asked for. */
function watched(file, tell) {
  let read = 0;
  const advance = (to) => {
    if (to > read) tell(to - read);
    read = Math.max(read, to);
  };
  file.slice = (start, end, type) => {
    if (end - start > 2 ** 17 || start >= read) advance(Math.min(end ?? file.size, file.size));
    return Blob.prototype.slice.call(file, start, end, type);
  };
  file.stream = () => {
    let at = 0;
    const counter = new TransformStream({
      transform(piece, controller) {
        advance((at += piece.byteLength));
        controller.enqueue(piece);
      },
    });
    return Blob.prototype.stream.call(file).pipeThrough(counter);
  };
  return file;
}

async function load({ files, context, threads, gpu, purpose }, tell) {
  await engine?.exit();
  lines = [];
  engine = new Wllama({ default: WASM }, { logger });
  engine.setCompat(null); // its other build lies on a host that is not this page's own
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let read = 0;
  const advance = (more) => tell((read += more) / size);
  const forEmbeddings = purpose !== "chat";
  await engine.loadModel(files.map((file) => watched(file, advance)), {
    n_ctx: context,
    n_threads: threads,
    n_gpu_layers: gpu ? undefined : 0,
    n_parallel: 1,
    log_level: WARNINGS,
    embeddings: forEmbeddings || undefined,
    pooling_type: purpose === "rerank" ? "rank" : purpose === "embed" ? "mean" : undefined,
  });
  const info = engine.getLoadedContextInfo(); // a model that could not be loaded does not reject: it says so here
  if (!info.success) throw new Error("llama.cpp could not load the model");
  return { context: info.n_ctx, threads: engine.getNumThreads() };
}

/** Gathers texts and hands them on as bytes: the first at once, later ones every `GATHERING` milliseconds. */
function gatherer(hand) {
  const encoder = new TextEncoder();
  let text = "";
  let timer = 0;
  let handed = -Infinity;
  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    if (text) hand(encoder.encode(text));
    text = "";
    handed = performance.now();
  };
  return {
    flush,
    add(more) {
      text += more;
      const rest = handed + GATHERING - performance.now();
      if (rest <= 0) flush();
      else timer ||= setTimeout(flush, rest);
    },
  };
}

async function stream(call, request, abortSignal, hand) {
  const pieces = gatherer(hand);
  await engine[call]({
    ...request,
    stream: true,
    abortSignal,
    onData: (chunk) => pieces.add(`data: ${JSON.stringify(chunk)}\n\n`),
  });
  pieces.add("data: [DONE]\n\n");
  pieces.flush();
}

/** One vector for each text: llama.cpp in WebAssembly gives but the first of several. */
async function embed({ input, ...request }) {
  const texts = Array.isArray(input) ? input : [input];
  const data = [];
  const usage = { prompt_tokens: 0, total_tokens: 0 };
  for (const [index, text] of texts.entries()) {
    const reply = await engine.createEmbedding({ ...request, input: text });
    data.push({ object: "embedding", index, embedding: reply.data[0].embedding });
    for (const key of Object.keys(usage)) usage[key] += reply.usage?.[key] ?? 0;
  }
  return { object: "list", model: request.model, data, usage };
}

async function reply(path, request, abortSignal, hand) {
  if (path === "/embeddings") return embed(request);
  if (path === "/rerank") return engine.createRerank(request);
  const call = path === "/completions" ? "createCompletion" : "createChatCompletion";
  if (request.stream) return stream(call, request, abortSignal, hand);
  return engine[call]({ ...request, abortSignal });
}

async function answer({ id, path, body }) {
  const controller = new AbortController();
  answers.set(id, controller);
  const hand = (bytes) => postMessage({ id, bytes }, [bytes.buffer]);
  try {
    const whole = await reply(path, JSON.parse(body), controller.signal, hand);
    if (whole) hand(new TextEncoder().encode(JSON.stringify(whole)));
    postMessage({ id, end: true });
  } catch (error) {
    postMessage({ id, failure: said(error) });
  } finally {
    answers.delete(id);
  }
}

const verbs = {
  answer,
  stop: ({ id }) => answers.get(id)?.abort(),
  async load({ id, options }) {
    try {
      const loaded = await load(options, (share) => postMessage({ id, share }));
      postMessage({ id, loaded });
    } catch (error) {
      postMessage({ id, failure: said(error) });
    }
  },
};

onmessage = ({ data }) => verbs[data.verb](data);
postMessage({ ready: true });
