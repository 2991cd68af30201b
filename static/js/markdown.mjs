// Markdown to sanitised HTML. Model output is hostile: raw HTML is shown as text, and DOMPurify always comes last.
import createDOMPurify from "../vendor/lib/dompurify.mjs";
import { Marked } from "../vendor/lib/marked.mjs";

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const marked = new Marked({ gfm: true, breaks: false }, {
  renderer: {
    html: ({ text }) => escape(text),
    // Nothing is fetched from a host that a model named: an image is the link that it is.
    image: ({ href, text }) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
  },
});

const RULES = {
  ALLOWED_TAGS: [
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup",
    "mark", "kbd", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot",
    "tr", "th", "td", "a", "span", "div", "input",
  ],
  ALLOWED_ATTR: ["href", "title", "start", "align", "class", "type", "checked", "disabled", "lang", "dir", "colspan", "rowspan", "target", "rel"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  SANITIZE_NAMED_PROPS: true,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
  RETURN_TRUSTED_TYPE: true,
};

const purify = createDOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
  if (node.tagName === "INPUT") {
    if (node.getAttribute("type") !== "checkbox") node.remove();
    node.setAttribute("disabled", "");
  }
  // The page's own classes are not for models: text dressed up as a part of the page deceives its reader.
  const language = [...node.classList].filter((name) => /^language-[\w+#.-]+$/.test(name));
  if (language.length) node.setAttribute("class", language.join(" "));
  else node.removeAttribute("class");
});

/** Returns TrustedHTML, the only kind of HTML that the page's policy lets in. */
export const render = (text) => purify.sanitize(marked.parse(text), RULES);
