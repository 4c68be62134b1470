// Words for scripts come translated with the page, in <script type="application/json" id="ui-texts">.
const element = document.getElementById("ui-texts");
const texts = element ? JSON.parse(element.textContent) : {};

export function text(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function announce(message) {
  const live = document.getElementById("live");
  if (live) live.textContent = message;
}

export function isTyping(target) {
  return target instanceof Element && Boolean(target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
}
