// The colours of code. A language is a module of its own, loaded on first use.
import hljs from "../vendor/lib/highlight/core.mjs";
import { sanitise } from "./sanitise.mjs";

hljs.configure({ throwUnescapedHTML: false });

/** Loads languages by highlight.js's names. */
export const load = (...names) =>
  Promise.all(
    names.map(async (name) => {
      if (!hljs.getLanguage(name)) hljs.registerLanguage(name, (await import(`../vendor/lib/highlight/${name}.mjs`)).default);
    }),
  );

/** Colours the text of an element; text that the highlighter fails on stays plain. */
export function highlight(code, language) {
  const text = code.textContent;
  let coloured;
  try {
    coloured = sanitise(hljs.highlight(text, { language, ignoreIllegals: true }).value);
  } catch {
    return;
  }
  if (coloured.textContent === text) code.replaceChildren(coloured);
}
