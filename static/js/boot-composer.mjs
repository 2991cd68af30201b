// The composer before Python is there: what is typed is kept, and Send is remembered.
import { text } from "./boot-text.mjs";

const DRAFT = "berth.draft";

const root = document.documentElement;
const form = document.getElementById("composer");
const field = document.getElementById("message");
const note = document.getElementById("boot-note");

/** Stores what stands in the composer for the next load of the page in this tab. */
export function keepDraft() {
  sessionStorage.setItem(DRAFT, JSON.stringify({ text: field.value, pending: form.dataset.pending ?? "" }));
}

/** Puts back what was stored, once. */
export function restoreDraft() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  sessionStorage.removeItem(DRAFT);
  if (!draft) return;
  field.value = draft.text;
  if (draft.pending) remember();
}

function remember() {
  form.dataset.pending = "send";
  note.textContent = text.waiting;
  note.hidden = false;
}

/** Remembers Send, by button or Enter, until app/main.py takes over. */
export function takeEarlySend() {
  const early = new AbortController();
  const options = { signal: early.signal };
  form.addEventListener("submit", onSubmit, options);
  field.addEventListener("keydown", onKey, options);
  new MutationObserver((_, observer) => {
    note.hidden = true;
    if (root.dataset.state !== "ready") return;
    observer.disconnect();
    early.abort();
  }).observe(root, { attributeFilter: ["data-state"] });
}

function onSubmit(event) {
  event.preventDefault();
  if (root.dataset.state === "booting" && field.value.trim()) remember();
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
}
