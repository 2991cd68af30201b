// Keeps the focus on the page. When the element that has it is removed, hidden or switched off, browsers give it to the
// body, and whoever uses the keyboard or a screen reader starts again at the top. Here the nearest thing gets it:
//
// 1. the same button (data-action) of the row (data-key) that takes the place of a removed one,
// 2. the same button where the content around it was made anew,
// 3. the element that an ancestor names in data-home, last of all that of the place that is shown.
//
// The event "berth:home" on the document brings the focus to where the shown place begins; the skip link does the same.

const WATCHED = { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "open"] };
const FOCUSABLE = "button, a[href], input, select, textarea, [tabindex]";

/** Where the focus was last: the element, what was around it, and what was last before a dialog took it. */
let last = null;

const isUsable = (element) => element?.isConnected && element.checkVisibility({ visibilityProperty: true }) && !element.disabled;

function ancestorsOf(element) {
  const found = [];
  for (let each = element.parentElement; each; each = each.parentElement) found.push(each);
  return found;
}

function remember({ target }) {
  const row = target.closest("[data-key]");
  const dialog = target.closest("dialog");
  const list = row?.parentElement;
  const before = dialog && last?.dialog !== dialog ? last : last?.before;
  last = {
    element: target,
    action: target.dataset.action,
    ancestors: ancestorsOf(target),
    list,
    index: list ? [...list.children].indexOf(row) : -1,
    dialog,
    before: dialog ? before : null,
  };
}

/**
 * A click beside everything that takes the focus is meant so; so is a switch to another window. Whether it was that shows
 * only later: an element that is removed tells of losing the focus while it is still there.
 */
function forget({ target, relatedTarget }) {
  if (relatedTarget) return;
  setTimeout(() => {
    const isLeft = document.hasFocus() && document.activeElement === document.body && isUsable(target);
    if (isLeft && last?.element === target) last = null;
  });
}

function* successors({ element, action, ancestors, list, index, before }) {
  const same = action && `[data-action="${action}"]`;
  if (list?.isConnected && !element.isConnected) {
    const row = list.children[Math.min(index, list.children.length - 1)];
    if (row && same) yield row.querySelector(same);
    if (row) yield row.querySelector(FOCUSABLE);
  }
  const around = ancestors.find(isUsable);
  if (same && around && around !== document.body) yield around.querySelector(same);
  if (before) yield before.element;
  if (before) yield* successors(before);
  for (const ancestor of ancestors) if (ancestor.dataset.home) yield document.getElementById(ancestor.dataset.home);
}

/** Where the shown place begins; on a touch screen not a text field, which would bring up the keyboard. */
function home() {
  const place = document.querySelector("section[data-place]:not([hidden])");
  const start = document.getElementById(place?.dataset.home);
  return start?.matches("textarea") && matchMedia("(pointer: coarse)").matches ? place.querySelector("[tabindex]") : start;
}

function recover() {
  for (const element of successors(last)) {
    if (!isUsable(element)) continue;
    element.focus();
    if (document.activeElement === element) return;
  }
  home()?.focus();
}

/**
 * Looks whether the element is still usable only when what changed holds it: to ask forces a layout, and while an answer
 * streams something changes in every frame.
 */
function onChanges(changes) {
  if (!last) return;
  const { element } = last;
  const active = document.activeElement;
  if (active !== document.body && active !== element) return;
  const concerns = ({ type, target }) => type === "attributes" && target.contains(element);
  if (element.isConnected && !changes.some(concerns)) return;
  if (!isUsable(element)) recover();
}

/** Chromium gives a text field the focus back without its cursor, after a click in the dialog: keys would do nothing. */
function placeCursor() {
  const field = document.activeElement;
  if (!field.matches("textarea, input") || field.selectionStart === null) return;
  field.blur();
  field.focus();
}

document.addEventListener("close", placeCursor, true);
document.addEventListener("focusin", remember);
document.addEventListener("focusout", forget);
document.addEventListener("berth:home", () => home()?.focus());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  home()?.focus();
});
new MutationObserver(onChanges).observe(document.body, WATCHED);
