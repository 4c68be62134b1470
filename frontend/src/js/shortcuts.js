// Single keys. Elements name theirs with data-hotkey; `?` lists them; a switch in that list turns them off.
import { install } from "@github/hotkey";
import { onContent } from "./content.js";
import { openPalette } from "./palette.js";
import { isTyping } from "./text.js";
import { undoLast } from "./toasts.js";

const OFF = "shortcuts-off";
export const areOff = () => localStorage.getItem(OFF) === "1";

if (!areOff()) onContent("[data-hotkey]", (element) => install(element, element.dataset.hotkey));
document.documentElement.classList.toggle("no-shortcuts", areOff());

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if ((event.metaKey || event.ctrlKey) && event.key === "Enter") {
    const form = event.target.closest?.("form");
    if (form && form.getAttribute("method")?.toLowerCase() !== "get") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[type=submit]:not([hidden])") ?? undefined);
    }
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || areOff()) return;
  const inDialog = document.querySelector("dialog[open]");
  if (event.key === "/" && !inDialog) {
    event.preventDefault();
    openPalette();
  } else if (event.key === "?" && !inDialog) {
    document.getElementById("shortcuts")?.showModal();
  } else if (event.key === "c" && !inDialog && !document.querySelector('[data-hotkey="c"]')) {
    // pages without a "New" button of their own: the palette lists everything that can be created
    openPalette();
  } else if (event.key.toLowerCase() === "z" && !event.shiftKey) undoLast();
});

onContent("#shortcuts-switch", (control) => {
  control.checked = !areOff();
  control.addEventListener("change", () => {
    control.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    location.reload();
  });
});
