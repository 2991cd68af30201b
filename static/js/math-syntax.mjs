// Math in Markdown, found before anything inside it is read as Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`.
import { Lexer } from "../vendor/lib/marked.mjs";

// A formula in a line. `$5 and $10`, `$5 million (US$)` and `US$100-$200` are money: what a dollar opens begins with no
// space and not like a sum in words; what closes it follows no space and comes before no digit. The lengths are bounded,
// so that no text can make the search slow.
const INLINE = [
  /^\$\$(?!\$)((?:\\[^]|[^\\$]){1,4000})\$\$/,
  /^\$(?![\s$]|[\d.,]+ +[A-Za-z]{2})((?:\\[^]|[^\\$]){1,2000}?)(?<!\s)\$(?!\d)/,
  /^\\\(([^]{1,2000}?)\\\)/,
  /^\\\[([^]{1,4000}?)\\\]/,
];

// A formula of its own lines: it ends with its delimiter, or without one at the next empty line. So what is inside is
// never taken for a list or a heading, and text that is still growing is never taken for something else than at its end.
const BLOCK = /^ {0,3}(?:\$\$(?<dollars>[^]*?)(?:\$\$|(?=\n[ \t]*(?:\n|$))|$)|\\\[(?<brackets>[^]*?)(?:\\\]|(?=\n[ \t]*(?:\n|$))|$))/;
const BLOCK_START = /\n {0,3}(?:\$\$|\\\[)|\n[ \t]*\n/;
const LONGEST_BLOCK = 10_000;

const isClosed = (raw) => /^\s*(?:\$\$[^]+\$\$|\\\[[^]+\\\])$/.test(raw);

const block = {
  name: "mathBlock",
  level: "block",
  start(text) {
    const found = BLOCK_START.exec(text);
    return found && /[$[]$/.test(found[0]) ? found.index + 1 : undefined;
  },
  tokenizer(text) {
    if (!/^ {0,3}(?:\$\$|\\\[)/.test(text)) return undefined;
    const [raw] = BLOCK.exec(text.slice(0, LONGEST_BLOCK));
    return { type: "mathBlock", raw, isClosed: isClosed(raw) };
  },
};

const inline = {
  name: "math",
  level: "inline",
  // A backslash ends a run of text by itself; only dollars must be pointed at.
  start(text) {
    return text.length >= this.lexer.afterLastDollar ? text.indexOf("$") : -1;
  },
  tokenizer(text) {
    if (text[0] !== "$" && text[0] !== "\\") return undefined;
    const found = INLINE.find((pattern) => pattern.test(text));
    if (!found) return undefined;
    const [raw] = found.exec(text);
    return { type: "math", raw, isDisplay: raw.startsWith("$$") || raw.startsWith("\\[") };
  },
};

const CODE = /^(`+)(?!`)[^]*?[^`]\1(?!`)/;
const MARKS = /`+|\\[^]|\$/g;

// The text that marked searches for the ends of emphasis, with formulas blotted out: `$a_i$ and $b_j$` has none.
function withoutFormulas(source, masked) {
  let result = masked;
  MARKS.lastIndex = 0;
  for (let mark = MARKS.exec(source); mark; mark = MARKS.exec(source)) {
    const rest = source.slice(mark.index);
    const isCode = rest[0] === "`";
    const found = isCode ? CODE.exec(rest) : INLINE.map((pattern) => pattern.exec(rest)).find(Boolean);
    if (!found) continue;
    const { length } = found[0];
    MARKS.lastIndex = mark.index + length;
    if (!isCode) result = `${result.slice(0, mark.index)}[${"a".repeat(length - 2)}]${result.slice(MARKS.lastIndex)}`;
  }
  return result;
}

const DEEPEST = 40;

/**
 * marked's lexer. It knows the text whose inline parts are being read, which the hook for emphasis is not told, and what
 * is nested deeper than anybody reads stays text: marked would run out of stack.
 */
export class MathLexer extends Lexer {
  depth = 0;

  blockTokens(source, tokens = [], ...more) {
    return this.nested(source, tokens, () => super.blockTokens(source, tokens, ...more));
  }

  nested(source, tokens, read) {
    if (this.depth >= DEEPEST) {
      if (source) tokens.push({ type: "text", raw: source, text: source });
      return tokens;
    }
    this.depth += 1;
    try {
      return read();
    } finally {
      this.depth -= 1;
    }
  }

  inlineTokens(source, tokens = []) {
    return this.nested(source, tokens, () => this.readInline(source, tokens));
  }

  readInline(source, tokens) {
    const outer = [this.afterLastDollar, this.options.hooks];
    const lastDollar = source.lastIndexOf("$");
    this.afterLastDollar = lastDollar < 0 ? Infinity : source.length - lastDollar;
    const mayHoldMath = lastDollar >= 0 || /\\[([]/.test(source);
    this.options.hooks = mayHoldMath ? { emStrongMask: (masked) => withoutFormulas(source, masked) } : null;
    try {
      return super.inlineTokens(source, tokens);
    } finally {
      [this.afterLastDollar, this.options.hooks] = outer;
    }
  }
}

/**
 * The extension of marked.
 * @param {(source: string, kind: "inline" | "display" | "block" | "text") => string} show gives the HTML of a formula;
 *   "text" is the beginning of one that has no end
 */
export const mathSyntax = (show) => ({
  extensions: [
    { ...block, renderer: ({ raw, isClosed }) => show(raw.trim(), isClosed ? "block" : "text") },
    { ...inline, renderer: ({ raw, isDisplay }) => show(raw, isDisplay ? "display" : "inline") },
  ],
});
