// No typed word is lost: each form[data-draft] is kept in this browser until the server has taken it.
import { onContent } from "./content.js";
import { htmx } from "./requests.js";
import { text } from "./text.js";

const SKIPPED = new Set(["csrfmiddlewaretoken", "version", "next"]);
const PENDING = "draft-pending";
const NAMES = " names"; // no field is called so
const keyOf = (form) => `draft:${document.body.dataset.user ?? ""}:${form.dataset.draft}`;

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !SKIPPED.has(field.name) && !["password", "file", "submit", "button"].includes(field.type) && !(field.type === "hidden" && !field.hasAttribute("data-draft-include")),
  );
}

function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox") (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else if (field.type === "radio") field.checked && (values[field.name] = [field.value]);
    else if (field.multiple) values[field.name] = [...field.selectedOptions].map((option) => option.value);
    else (values[field.name] ??= []).push(field.value); // from and to are called the same
    // a record found by typing is no option of the page's: its name is kept beside its number
    if (field.dataset.autocomplete) (values[NAMES] ??= {})[field.name] = [...field.selectedOptions].map((option) => option.textContent.trim());
  }
  return values;
}

function restore(form, values) {
  const shape = form.querySelector("[data-draft-shape]");
  const met = {};
  for (const field of fieldsOf(form)) {
    const kept = values[field.name];
    if (!kept || shape?.contains(field)) continue;
    const own = kept[(met[field.name] = (met[field.name] ?? -1) + 1)] ?? kept[0];
    if (field.dataset.autocomplete) offer(field, kept, values[NAMES]?.[field.name] ?? []);
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
    else if (field.multiple) [...field.options].forEach((option) => (option.selected = kept.includes(option.value)));
    else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === own)) field.value = own;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (isFilled(field)) field.closest("details")?.setAttribute("open", "");
  }
  // what grew under the hands, as a rule does, is drawn anew by the server from the words that were kept
  const { [NAMES]: _names, ...words } = values;
  if (shape) htmx.ajax("POST", shape.dataset.draftShape, { target: shape, swap: "outerHTML", values: { ...words, do: "refresh" } });
}

function offer(select, kept, names) {
  kept.forEach((value, at) => {
    if (value && names[at] && ![...select.options].some((option) => option.value === value)) select.append(new Option(names[at], value));
  });
}

function isFilled(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && option.value !== "");
  return field.value !== field.defaultValue;
}

function note(form, shown) {
  const place = form.querySelector("[data-draft-note]");
  if (!place) return;
  place.hidden = !shown;
  if (!shown || place.querySelector("button")) return;
  const discard = Object.assign(document.createElement("button"), { type: "button", textContent: text("discard_draft") });
  discard.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    if (form.querySelector("[data-draft-shape]")) return location.reload();
    form.reset();
    note(form, false);
  });
  place.append(discard);
}

onContent("form[data-draft]", (form) => {
  const original = JSON.stringify(valuesOf(form));
  const kept = localStorage.getItem(keyOf(form));
  const wasRefused = form.querySelector(".is-invalid, [data-conflict]") !== null;
  const stale = !wasRefused && window.sessionStorage.getItem(PENDING) === keyOf(form) && !document.body.dataset.error;
  if (stale) localStorage.removeItem(keyOf(form));
  else if (kept && !wasRefused && kept !== original) {
    restore(form, JSON.parse(kept));
    note(form, true);
  }
  let timer = 0;
  let taken = false;
  const save = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = JSON.stringify(valuesOf(form));
      if (now === original) localStorage.removeItem(keyOf(form));
      else localStorage.setItem(keyOf(form), now);
      note(form, now !== original);
    }, 250);
  };
  form.addEventListener("input", () => {
    taken = false;
    save();
  });
  // a dialog that closes after its words were taken leaves its field, which says "change" once more
  form.addEventListener("change", () => taken || save());
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    localStorage.setItem(keyOf(form), JSON.stringify(valuesOf(form)));
    window.sessionStorage.setItem(PENDING, keyOf(form));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    window.sessionStorage.removeItem(PENDING);
    if (event.detail.successful && event.detail.xhr.status < 300) {
      clearTimeout(timer);
      taken = true;
      localStorage.removeItem(keyOf(form));
      note(form, false);
      if (form.hasAttribute("data-reset")) form.reset();
    }
  });
});

// A page that came after a plain submit, without the form refused on it, has taken the words.
const pending = window.sessionStorage.getItem(PENDING);
if (pending && !document.body.dataset.error) {
  const refused = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === pending && form.querySelector(".is-invalid, [data-conflict]"));
  if (!refused) localStorage.removeItem(pending);
  window.sessionStorage.removeItem(PENDING);
}
