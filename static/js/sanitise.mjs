// The last step before anything that a model wrote enters the page: what is not on these lists is not in the page.
import createDOMPurify from "../vendor/lib/dompurify.mjs";

const RULES = {
  ALLOWED_TAGS: [
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol",
    "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "span", "div", "input",
  ],
  ALLOWED_ATTR: ["href", "title", "alt", "src", "start", "align", "class", "type", "checked", "disabled"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  SANITIZE_NAMED_PROPS: true,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ADD_URI_SAFE_ATTR: ["start", "align", "type", "checked", "disabled"], // every other value must look like an address
  RETURN_DOM_FRAGMENT: true,
};

const IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*$/i;

// The page's own classes are not for models: text dressed up as a part of the page deceives its reader.
const CLASSES = {
  CODE: /^language-\S{1,40}$/,
  SPAN: /^(?:math|display|hljs-[\w-]+|[a-z]+_|language-[\w-]+)$/,
  DIV: /^(?:math|display)$/,
  A: /^image$/,
};

const purify = createDOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
    // What a link says and where it leads are two things: the title, which a model may write too, tells the latter.
    if (node.hasAttribute("href")) node.setAttribute("title", node.getAttribute("href"));
  }
  if (node.tagName === "IMG" && !IMAGE.test(node.getAttribute("src") ?? "")) node.remove();
  if (node.tagName === "INPUT") {
    if (node.getAttribute("type") !== "checkbox") node.remove();
    node.setAttribute("disabled", "");
  }
  const allowed = [...node.classList].filter((name) => CLASSES[node.tagName]?.test(name));
  if (allowed.length) node.setAttribute("class", allowed.join(" "));
  else node.removeAttribute("class");
});

/** HTML of any origin as nodes that may stand in the page. Nothing in them has run or was fetched. */
export const sanitise = (html) => purify.sanitize(html, RULES);
