// ⌘/Ctrl+K or /: records, actions on this record and places, answered by the server.
import Combobox from "@github/combobox-nav";
import { closeBeside } from "./dialogs.js";
import { htmx } from "./requests.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");

export function openPalette() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  input.select();
  htmx.trigger(input, "palette-open");
}

if (dialog) {
  const combobox = new Combobox(input, list, { tabInsertsSuggestions: false, firstOptionSelectionMode: "active" });
  const restart = () => {
    combobox.stop();
    list.querySelectorAll("[role=option]").forEach((option, at) => (option.id ||= `palette-option-${at}`));
    combobox.start();
  };
  list.addEventListener("htmx:afterSwap", restart);
  dialog.addEventListener("close", () => combobox.stop());
  closeBeside(dialog);
  const follow = (option, newTab) => {
    const { url, click } = option.dataset;
    dialog.close();
    if (click) document.querySelector(click)?.click();
    else if (url) newTab ? window.open(url, "_blank", "noopener") : location.assign(url);
  };
  list.addEventListener("combobox-commit", (event) => follow(event.target, event.detail?.event?.ctrlKey));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      const option = list.querySelector("[aria-selected=true], [data-combobox-option-default]");
      if (option) follow(option, true);
    }
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) openPalette();
});
