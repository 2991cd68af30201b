// Says in plain words why Berth did not start.

const LAST_LINES = 40;

const named = (name, error) => error?.name === name || (error?.errors ?? []).some((each) => each?.name === name);

/**
 * @returns {{what: string, cause: string, fix: string, details: string}} what happened, the likely cause, what to do,
 *   and the error itself for those who can read it
 */
export function explain(error) {
  const details = String(error?.message || error || "unknown").split("\n").slice(-LAST_LINES).join("\n");
  if (named("OldBrowser", error))
    return {
      what: "This browser cannot run Berth.",
      cause: "It lacks WebAssembly or compression streams, or they are switched off.",
      fix: "Use a current Chrome, Edge, Firefox or Safari.",
      details,
    };
  if (named("PythonError", error))
    return {
      what: "Berth's own program failed while it started.",
      cause: details.trim().split("\n").at(-1),
      fix: "Try again. If it stays, the details below belong in a report.",
      details,
    };
  if (/nothing has happened/.test(details))
    return {
      what: "Berth did not start.",
      cause: "The connection stalled, or this device is too busy or short of memory.",
      fix: "Try again; close other tabs if it happens again.",
      details,
    };
  return {
    what: "Python could not be loaded.",
    cause: "The connection broke, or files of this installation are missing or damaged.",
    fix: "Try again. On your own machine, start Berth with python3 serve_dev.py, which repairs its files.",
    details,
  };
}

const element = (tag, text, className = "") => Object.assign(document.createElement(tag), { textContent: text, className });

/** Shows the explanation in #boot-failure, with a Retry button; what is typed stays where it is. */
export function showFailure({ what, cause, fix, details }, retry) {
  const title = element("p", "");
  title.append(element("strong", what));
  const button = element("button", "Retry", "btn primary");
  button.type = "button";
  button.addEventListener("click", retry, { once: true });
  const row = element("div", "", "row");
  row.append(button);
  const more = element("details", "");
  more.append(element("summary", "Details"), element("pre", details));
  const body = element("div", "", "body");
  body.append(
    title,
    element("p", `Likely cause: ${cause}`),
    element("p", `What to do: ${fix} What you typed is kept.`),
    row,
    more,
  );
  const problem = element("div", "", "problem");
  problem.append(body);
  const panel = document.getElementById("boot-failure");
  panel.replaceChildren(problem);
  panel.hidden = false;
}
