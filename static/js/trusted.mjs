// The page's own Trusted Types policy: scripts of workers that are the page's own files, and nothing else.
const policy = globalThis.trustedTypes?.createPolicy("berth", {
  createScriptURL(url) {
    if (new URL(url).origin !== location.origin) throw new TypeError(`${url} is not of this page`);
    return url;
  },
});

/** The address of a script of this page, in the form that the page's policy wants for it. */
export const ownScript = (url) => (policy ? policy.createScriptURL(url) : url);

/** Starts a module worker from a file of this page. */
export const startWorker = (url) => new Worker(ownScript(url), { type: "module" });
