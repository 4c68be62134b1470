// A nervous hand clicks twice, or presses ⌘↵ twice: what is on its way is not sent a second time.
const WAIT = 8_000; // after that long without an answer a person may try again
let sent = new WeakMap(); // form -> when it was sent

const writes = (form) => form instanceof HTMLFormElement && form.getAttribute("method")?.toLowerCase() === "post";

document.addEventListener(
  "submit",
  (event) => {
    const since = performance.now() - (sent.get(event.target) ?? -Infinity);
    if (!writes(event.target) || since > WAIT) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// The second click of a double click may meet the form that the first one's answer brought. Who has filled in
// something in between has clicked twice on purpose.
let filled = false;
for (const name of ["input", "change"]) document.addEventListener(name, () => (filled = true), true);
document.addEventListener(
  "click",
  (event) => {
    const button = event.detail > 1 && !filled && event.target.closest?.("button[type=submit], input[type=submit]");
    filled = false;
    if (button && writes(button.form) && button.form.hasAttribute("data-draft")) event.preventDefault();
  },
  true,
);

// Plain forms: nobody has stopped it by now, so the page is about to go.
window.addEventListener("submit", (event) => event.defaultPrevented || (writes(event.target) && sent.set(event.target, performance.now())));
document.addEventListener("htmx:beforeRequest", ({ detail }) => writes(detail.elt) && sent.set(detail.elt, performance.now()));
document.addEventListener("htmx:afterRequest", ({ detail }) => sent.delete(detail.elt));
// Back to a page that the browser has kept as it was.
window.addEventListener("pageshow", () => (sent = new WeakMap()));
