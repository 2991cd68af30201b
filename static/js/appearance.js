// Theme, text size, motion and language of the page before its first paint.
//
// A classic script in the head, so that it runs before anything is painted. The settings themselves lie in IndexedDB,
// which answers too late; app/browser/appearance.py keeps the copy in localStorage that is read here. The page loads it as
// static/vendor/text/shell.js, in which dev/shell_texts.py puts the other languages' texts for index.html before it.
{
  const root = document.documentElement;
  const texts = globalThis.berthTexts ?? {};

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem("berth.appearance")) ?? {};
    } catch {
      return {}; // no storage here, or the copy is damaged: the defaults do
    }
  };

  const direction = (language) => {
    const locale = new Intl.Locale(language);
    return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? "ltr";
  };

  const MARKED = "[data-t], [data-t-label], [data-t-title], [data-t-placeholder]";

  const translate = (element, words) => {
    const { t, tLabel, tTitle = tLabel, tPlaceholder } = element.dataset;
    if (words[t] && element.textContent !== words[t]) element.textContent = words[t];
    if (words[tLabel]) element.setAttribute("aria-label", words[tLabel]);
    if (words[tTitle] && element.title) element.title = words[tTitle];
    if (words[tPlaceholder]) element.placeholder = words[tPlaceholder];
  };

  // Each part of the page is translated as it is parsed: the browser cannot paint it before this has run.
  const translateWhileParsed = (words) => {
    const onChanges = (changes) => {
      for (const { target, addedNodes } of changes)
        for (const node of [target, ...addedNodes]) {
          const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
          if (element?.matches(MARKED)) translate(element, words);
          if (node === element && node !== target)
            for (const inner of element.querySelectorAll(MARKED)) translate(inner, words);
        }
    };
    const observer = new MutationObserver(onChanges);
    observer.observe(root, { childList: true, subtree: true, characterData: true });
    const finish = () => {
      onChanges(observer.takeRecords());
      observer.disconnect();
    };
    document.addEventListener("readystatechange", finish, { once: true });
  };

  const { theme, text_size: textSize, motion, language: chosen } = stored();
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split("-")[0].toLowerCase())];
  const language = wanted.find((code) => code === "en" || Object.hasOwn(texts, code)) ?? "en";
  root.dataset.theme = theme ?? "system";
  root.dataset.textSize = textSize ?? "normal";
  root.dataset.motion = motion ?? "system";
  root.lang = language;
  root.dir = direction(language);
  if (texts[language]) translateWhileParsed(texts[language]);
}
