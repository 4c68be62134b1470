// Record pages: tabs on phones, the composer, and E to edit the first field.
import { onContent } from "./content.js";

document.addEventListener("click", (event) => {
  const tab = event.target.closest(".record-tabs [data-tab]");
  if (!tab) return;
  const record = document.querySelector(".record");
  record.dataset.tab = tab.dataset.tab;
  for (const other of tab.parentNode.children) other.setAttribute("aria-selected", String(other === tab));
});

function showKind(composer, kind) {
  for (const tab of composer.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.kind === kind;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const part of composer.querySelectorAll("[data-for-kind]")) {
    part.hidden = !part.dataset.forKind.split(" ").includes(kind);
    for (const field of part.querySelectorAll("input, select, textarea, button")) field.disabled = part.hidden;
  }
  const field = composer.querySelector("input[name=kind]");
  if (field && field.value !== kind) {
    field.value = kind;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  composer.dataset.kind = kind;
}

function open(composer, kind) {
  showKind(composer, kind);
  composer.classList.add("open");
  composer.querySelector("textarea:not(:disabled), input[type=text]:not(:disabled)")?.focus();
}

onContent("[data-composer]", (composer) => {
  const tabs = [...composer.querySelectorAll("[role=tab]")];
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => open(composer, tab.dataset.kind));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = tabs[(at + by + tabs.length) % tabs.length];
      showKind(composer, next.dataset.kind);
      next.focus();
    });
  });
  composer.addEventListener("keydown", (event) => event.key === "Escape" && composer.classList.remove("open"));
  composer.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-composer]")) composer.classList.remove("open");
  });
  composer.addEventListener("htmx:afterRequest", (event) => event.detail.successful && event.detail.xhr.status < 300 && composer.classList.remove("open"));
  const kind = composer.querySelector("input[name=kind]")?.value || tabs[0]?.dataset.kind;
  if (kind) showKind(composer, kind);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-compose]");
  const composer = button && document.querySelector("[data-composer]");
  if (!composer) return;
  event.preventDefault();
  open(composer, button.dataset.compose);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show-empty]");
  if (!button) return;
  const shown = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!shown));
  for (const field of document.querySelectorAll(".field-row[data-empty]")) field.hidden = shown;
});
