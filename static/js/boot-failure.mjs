// Says in plain words why Berth did not start.
import { text } from "./boot-text.mjs";

const LAST_LINES = 40;

const named = (name, error) => error?.name === name || (error?.errors ?? []).some((each) => each?.name === name);

/**
 * @returns {{what: string, cause: string, fix: string, details: string}} what happened, the likely cause, what to do,
 *   and the error itself for those who can read it
 */
export function explain(error) {
  const details = String(error?.message || error || "unknown").split("\n").slice(-LAST_LINES).join("\n");
  if (named("OldBrowser", error)) return { ...text.oldBrowser, details };
  if (named("PythonError", error)) return { ...text.program, cause: details.trim().split("\n").at(-1), details };
  if (/nothing has happened/.test(details)) return { ...text.stalled, details };
  return { ...text.broken, details };
}

const element = (tag, words, className = "") =>
  Object.assign(document.createElement(tag), { textContent: words, className });

/** Shows the explanation in #boot-failure, with a Retry button; what is typed stays where it is. */
export function showFailure({ what, cause, fix, details }, retry) {
  const title = element("p", "");
  title.append(element("strong", what));
  const button = element("button", text.retry, "btn primary");
  button.type = "button";
  button.addEventListener("click", retry, { once: true });
  const row = element("div", "", "row");
  row.append(button);
  const more = element("details", "");
  more.append(element("summary", text.details), element("pre", details));
  const body = element("div", "", "body");
  body.append(title, element("p", text.cause(cause)), element("p", text.fix(fix)), row, more);
  const problem = element("div", "", "problem");
  problem.append(body);
  const panel = document.getElementById("boot-failure");
  panel.replaceChildren(problem);
  panel.hidden = false;
}
