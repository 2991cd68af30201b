// Formulas, set by KaTeX. It builds nodes and styles them through the object model, which the page's policy allows;
// it never makes HTML of what a model wrote.
import katex from "../vendor/lib/katex/katex.mjs";

const OPTIONS = {
  throwOnError: true,
  trust: false, // no \href, \includegraphics, \htmlClass …
  strict: "ignore",
  maxSize: 20,
  maxExpand: 500,
  macros: { "\\pmb": "\\boldsymbol" }, // else it writes a style attribute, which the policy blocks
};

const TAGS = /^(?:span|svg|path|line|math|semantics|annotation|m[a-z]+)$/;
const ATTRIBUTES =
  /^(?:class|style|aria-hidden|xmlns|encoding|width|height|viewBox|preserveAspectRatio|d|x1|y1|x2|y2|stroke-width|display|displaystyle|scriptlevel|mathvariant|mathcolor|mathbackground|mathsize|stretchy|fence|separator|accent|accentunder|lspace|rspace|voffset|depth|minsize|maxsize|linethickness|columnalign|columnspacing|columnlines|rowalign|rowspacing|rowlines|rowspan|columnspan|side|notation|symmetric|movablelimits|largeop|form|open|close|separators|indentalign)$/;

const isHarmless = (node) =>
  TAGS.test(node.localName) && [...node.attributes].every(({ name }) => ATTRIBUTES.test(name));

const sheet = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("../vendor/lib/katex/katex.min.css", import.meta.url).href,
});
await new Promise((resolve) => {
  sheet.onload = sheet.onerror = resolve;
  document.head.append(sheet);
});

const KEPT = 500;
const known = new Map();

function make(source, displayMode) {
  const holder = document.createElement("span");
  try {
    const formula = source.replace(/^(?:\$\$?|\\[([])/, "").replace(/(?:\$\$?|\\[)\]])$/, "");
    katex.render(formula, holder, { ...OPTIONS, displayMode });
    if ([...holder.querySelectorAll("*")].every(isHarmless)) return holder;
  } catch {
    // A formula that KaTeX cannot read stays the text that it is.
  }
  holder.textContent = source;
  return holder;
}

/**
 * Replaces the source of a formula, delimiters and all, by the formula; what cannot be read stays as it is.
 * A formula that is shown again, as in a paragraph that is still growing, is copied.
 * @param {Element} element
 * @param {boolean} mayTakeTime whether to set a formula that was not set before
 * @returns {boolean} whether it was done
 */
export function typeset(element, mayTakeTime) {
  const source = element.textContent;
  const isDisplay = element.classList.contains("display");
  const key = `${isDisplay} ${source}`;
  if (!known.has(key)) {
    if (!mayTakeTime) return false;
    if (known.size >= KEPT) known.delete(known.keys().next().value);
    known.set(key, make(source, isDisplay));
  }
  element.replaceChildren(...known.get(key).cloneNode(true).childNodes);
  return true;
}
