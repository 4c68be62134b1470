// Short messages with an undo. `Z` undoes the newest one that can be undone.
import { text } from "./text.js";

const region = document.getElementById("toasts");

function icon(name) {
  const template = document.querySelector(`#ui-icons [data-name="${name}"]`);
  return template ? template.firstElementChild.cloneNode(true) : document.createTextNode("");
}

function showOnTop() {
  // An open modal dialog makes everything else inert; a popover opened later lies above it.
  if (!region?.showPopover) return;
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function keepFor(element, seconds) {
  let timer = 0;
  const start = () => {
    timer = setTimeout(() => element.remove(), seconds * 1000);
  };
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerenter", stop);
  element.addEventListener("focusin", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusout", start);
  start();
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken", value: document.body.dataset.csrf ?? "" });
  const next = Object.assign(document.createElement("input"), { type: "hidden", name: "next", value: location.pathname + location.search });
  const button = document.createElement("button");
  button.type = "submit";
  button.dataset.undo = "";
  button.append(text("undo"), " ", Object.assign(document.createElement("kbd"), { textContent: "Z" }));
  form.append(token, next, button);
  return form;
}

export function toast({ text: message, tone = "info", undo_url: undoUrl = "", url = "", label = "" }) {
  if (!region || !message) return;
  const element = document.createElement("div");
  element.className = `snack ${tone}`;
  const words = document.createElement("span");
  words.textContent = message;
  if (tone === "success" || tone === "error") element.append(icon(tone));
  element.append(words);
  if (url) element.append(Object.assign(document.createElement("a"), { href: url, textContent: label || text("open") }));
  if (undoUrl) element.append(undoForm(undoUrl));
  const close = Object.assign(document.createElement("button"), { type: "button", ariaLabel: text("close") });
  close.append(icon("close"));
  close.addEventListener("click", () => element.remove());
  element.append(close);
  region.append(element);
  showOnTop();
  keepFor(element, undoUrl || tone === "error" ? 10 : 5);
}

export function undoLast() {
  const buttons = region?.querySelectorAll("[data-undo]") ?? [];
  buttons[buttons.length - 1]?.click();
}

document.addEventListener("toast", (event) => {
  const detail = event.detail ?? {};
  for (const one of Array.isArray(detail.value) ? detail.value : [detail]) toast(one);
});

// Messages that came with the page stand there without scripts; with scripts they go away by themselves.
for (const element of region?.querySelectorAll(".snack") ?? []) {
  element.querySelector("[data-close]")?.addEventListener("click", () => element.remove());
  element.querySelector("[name=next]")?.setAttribute("value", location.pathname + location.search);
  keepFor(element, element.querySelector("[data-undo]") || element.matches(".error") ? 10 : 5);
}
