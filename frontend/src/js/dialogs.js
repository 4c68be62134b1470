// Links with data-dialog open in a dialog; dialogs stack. data-drawer opens at the side, to peek.
import { htmx } from "./requests.js";
import { onContent } from "./content.js";
import { text } from "./text.js";

let counter = 0;

// A click beside a dialog closes it; marking words inside and letting go beside it does not.
export function closeBeside(dialog) {
  let began = null;
  dialog.addEventListener("pointerdown", (event) => (began = event.target));
  dialog.addEventListener("click", (event) => event.target === dialog && began === dialog && dialog.close());
}

export function openDialog(url, { drawer = false, opener = null, values = null } = {}) {
  const dialog = document.createElement("dialog");
  counter += 1;
  dialog.id = `dialog-${counter}`;
  dialog.className = drawer ? "drawer" : "dialog";
  dialog.opener = opener;
  const body = document.createElement("div");
  body.id = `${dialog.id}-content`;
  dialog.append(body);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.opener?.isConnected) dialog.opener.focus?.();
  });
  closeBeside(dialog);
  const headers = drawer ? { "X-Peek": "1" } : { "X-Dialog": dialog.id };
  const verb = values ? "POST" : "GET";
  htmx.ajax(verb, url, { target: body, swap: "innerHTML", source: body, headers, values: values ?? {} }).then(() => {
    if (!body.hasChildNodes()) return dialog.remove();
    // the words, not the heading's id: an invalid form comes back with a heading of its own
    dialog.setAttribute("aria-label", body.querySelector("h1, h2")?.textContent.trim() || text("dialog"));
    dialog.showModal();
    body.querySelector("[autofocus], .is-invalid, input:not([type=hidden]), select, textarea")?.focus();
  });
  return dialog;
}

// What a form in a dialog asks for is answered for the dialog; who opened it says what happens afterwards.
document.addEventListener("htmx:configRequest", (event) => {
  const dialog = event.detail.elt.closest?.("dialog.dialog");
  if (!dialog) return;
  event.detail.headers["X-Dialog"] = dialog.id;
  const { selectInto, then } = dialog.opener?.dataset ?? {};
  event.detail.headers["X-Then"] = selectInto || then === "stay" ? "stay" : "navigate";
});

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const close = event.target.closest("[data-close-dialog]");
  if (close?.closest("dialog")) {
    event.preventDefault();
    close.closest("dialog").close();
    return;
  }
  const opener = event.target.closest("a[data-dialog], a[data-drawer], button[data-dialog]");
  if (!opener) return;
  event.preventDefault();
  opener.closest("details.menu")?.removeAttribute("open");
  openDialog(opener.getAttribute("href") ?? opener.dataset.dialog, { drawer: opener.hasAttribute("data-drawer"), opener });
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-open]");
  if (target) document.getElementById(target.dataset.open)?.showModal();
});

// A form in a dialog was saved: {id, type, label, url}. The opener decides what happens next.
document.addEventListener("saved", (event) => {
  const dialogs = document.querySelectorAll("dialog.dialog[open]");
  const dialog = dialogs[dialogs.length - 1];
  const opener = dialog?.opener;
  dialog?.close();
  const choice = opener?.dataset.selectInto && document.getElementById(opener.dataset.selectInto);
  if (choice) {
    const { id, label } = event.detail;
    if (choice.tomselect) {
      choice.tomselect.addOption({ value: String(id), text: label });
      choice.tomselect.addItem(String(id));
    } else {
      choice.append(new Option(label, id, true, true));
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
  } else if (opener?.dataset.then === "stay") htmx.trigger(document.body, "refresh");
  else if (opener?.dataset.then === "reload" || !event.detail.url) location.reload();
  else location.assign(event.detail.url);
});

onContent("dialog[data-show]", (dialog) => dialog.showModal());
