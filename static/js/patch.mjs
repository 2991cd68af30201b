// Brings a part of the page up to date and leaves alone what is there already: what the user has selected, focused or
// scrolled stays so, and the browser lays out anew only what changed.

const isText = (node) => node.nodeType === Node.TEXT_NODE;

const areAlike = (old, fresh) =>
  old.nodeType === Node.ELEMENT_NODE && old.cloneNode(false).isEqualNode(fresh.cloneNode(false));

// A selection that ends before the change stays.
function write(text, data) {
  const shorter = Math.min(text.length, data.length);
  let same = 0;
  while (same < shorter && text.data.charCodeAt(same) === data.charCodeAt(same)) same += 1;
  text.replaceData(same, text.length - same, data.slice(same));
}

/**
 * Makes the nodes of `parent` from `old` to the last equal to `fresh` and the nodes after it, which are used up.
 * @param {Node} parent
 * @param {?Node} old its first node that may change; null when nodes are only added
 * @param {?Node} fresh
 */
export function patch(parent, old, fresh) {
  while (fresh) {
    const [nextOld, nextFresh] = [old?.nextSibling ?? null, fresh.nextSibling];
    if (!old) parent.append(fresh);
    else if (!old.isEqualNode(fresh)) {
      if (isText(old) && isText(fresh)) write(old, fresh.data);
      else if (areAlike(old, fresh)) patch(old, old.firstChild, fresh.firstChild);
      else old.replaceWith(fresh);
    }
    [old, fresh] = [nextOld, nextFresh];
  }
  while (old) {
    const next = old.nextSibling;
    old.remove();
    old = next;
  }
}
