// Runs a starter once for each matching element, now and whenever htmx brings new content.
const starters = [];

function run(root, { selector, start }) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.push(root);
  for (const element of found) {
    const started = (element.startedWith ??= new Set());
    if (!started.has(start)) {
      started.add(start);
      start(element);
    }
  }
}

export function onContent(selector, start) {
  const starter = { selector, start };
  starters.push(starter);
  run(document, starter);
}

document.addEventListener("htmx:load", (event) => starters.forEach((starter) => run(event.detail.elt, starter)));
