// Markdown to nodes of the page. Model output is hostile: raw HTML is shown as text, and the sanitiser comes last.
import { Marked } from "../vendor/lib/marked.mjs";
import { MathLexer, mathSyntax } from "./math-syntax.mjs";
import { sanitise } from "./sanitise.mjs";

export { patch } from "./patch.mjs";

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const ESCAPED_BREAK = /&#60;br ?\/?&#62;/gi;

const SHOW_MATH = {
  inline: (source) => `<span class="math">${escape(source)}</span>`,
  display: (source) => `<span class="math display">${escape(source)}</span>`,
  block: (source) => `<div class="math display">${escape(source)}</div>`,
  text: (source) => `<p>${escape(source)}</p>`,
};

const marked = new Marked(mathSyntax((source, kind) => SHOW_MATH[kind](source)), {
  renderer: {
    // Of all tags a model may use only the line break, which cells of a table can have in no other way.
    html: ({ text, block }) => (block ? lines(text) : escape(text).replace(ESCAPED_BREAK, "<br>")),
    text(token) {
      token.escaped = false; // marked leaves text alone that stands between raw tags
      return false;
    },
    // A link around an image would be a link around a button: the image stands before it.
    link(token) {
      const images = token.tokens.filter(({ type }) => type === "image");
      if (!images.length) return false;
      const words = token.tokens.filter(({ type }) => type !== "image");
      const text = words.map(({ raw }) => raw).join("").trim() || token.href;
      const link = { ...token, tokens: [{ type: "text", raw: text, text }] };
      return `${this.parser.parseInline(images)} ${this.parser.parseInline([link])}`;
    },
    // Nothing is fetched from a host that a model named: an image is a link until the user asks for it.
    image({ href, text, tokens }) {
      const alt = escape(tokens ? this.parser.parseInline(tokens, this.parser.textRenderer) : text);
      const isHere = /^data:/i.test(href);
      return isHere ? `<img src="${escape(href)}" alt="${alt}">` : `<a class="image" href="${escape(href)}">${alt}</a>`;
    },
  },
});

const lines = (text) => `<p>${escape(text.trim()).replace(ESCAPED_BREAK, "<br>").replaceAll("\n", "<br>")}</p>`;

const htmlOf = (token) => {
  if (token.type === "unread") return lines(token.raw);
  const html = marked.parser([token]).trim();
  return token.type === "text" ? `<p>${html}</p>` : html;
};

/** No definition of a link (`[name]: address`) yet. */
export const noDefinitions = () => Object.create(null);

/**
 * The top-level blocks of `text`, as marked's tokens.
 * @param definitions what links may refer to besides what `text` itself defines; stays as it is
 */
export function lex(text, definitions) {
  const lexer = new MathLexer({ ...marked.defaults });
  lexer.tokens.links = Object.assign(noDefinitions(), definitions);
  try {
    return lexer.lex(text);
  } catch (error) {
    console.warn("This text could not be read as Markdown:", error);
    return [{ type: "unread", raw: text }];
  }
}

/** Adds what the first `count` tokens define; the first definition of a name holds. */
export function define(definitions, tokens, count) {
  marked.walkTokens(tokens.slice(0, count), ({ type, tag, href, title }) => {
    if (type === "def") definitions[tag] ??= { href, title };
  });
}

/** `[[type, source], …]` of the tokens, as JSON: one string crosses to Python faster than many. */
export const outline = (tokens) => JSON.stringify(tokens.map(({ type, raw }) => [type, raw]));

/** `[html, …]` of the tokens that are seen, as JSON: one element each, and not sanitised. */
export const html = (tokens) => JSON.stringify(tokens.map(htmlOf).filter(Boolean));

/** HTML as nodes that may stand in the page. */
export const fragment = sanitise;

/** `[signature, [key of a row, …]]` of a list or a table, as JSON: rows with the same keys look the same. */
export function rows(token) {
  const { type, ordered, start, loose, items, align, header } = token;
  if (type === "list")
    return JSON.stringify([`${ordered} ${start} ${loose}`, items.map((item) => `${item.checked} ${item.loose} ${item.raw}`)]);
  const cells = (row) => JSON.stringify(row.map(({ text }) => text));
  return JSON.stringify([`${align} ${cells(header)}`, token.rows.map(cells)]);
}

/** HTML of a list or a table with its rows from `first` on only; not sanitised. */
export const htmlFromRow = (token, first) =>
  htmlOf(token.type === "list" ? { ...token, items: token.items.slice(first) } : { ...token, rows: token.rows.slice(first) });
