// <select data-autocomplete="URL">: answers {results: [{value, text, hint}]} to ?q=. Works as a plain select without scripts.
import TomSelect from "tom-select/dist/esm/tom-select.js";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";
import { text } from "./text.js";

TomSelect.define("remove_button", removeButton);

function rendered(item, escape) {
  const hint = item.hint ? ` <span class="muted">${escape(item.hint)}</span>` : "";
  return `<div>${escape(item.text)}${hint}</div>`;
}

// An answer may come after the choice was made or the list was closed: it is kept, but opens nothing. TomSelect
// would open the list and take the focus, and the next word typed would land in here.
function take(box, options, done) {
  if (box.isOpen) return done(options);
  box.loading = Math.max(box.loading - 1, 0);
  if (!box.loading) box.wrapper.classList.remove(box.settings.loadingClass);
  box.addOptions(options);
}

// Its look at the last letters typed, put off by 300 ms, would open the list just the same.
function stopLooking(box) {
  clearTimeout(box.refreshTimeout);
  box.refreshTimeout = null;
}

export function start(select) {
  const url = select.dataset.autocomplete;
  const label = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace("*", "").trim() || "";
  select.setAttribute("aria-label", label);
  new TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : [],
    maxOptions: 50,
    allowEmptyOption: false,
    searchField: url ? [] : ["text"],
    valueField: "value",
    labelField: "text",
    preload: url ? "focus" : false,
    loadThrottle: 150,
    closeAfterSelect: true,
    shouldLoad: () => true,
    load: url
      ? function (query, done) {
          const target = new URL(url, location.href);
          target.searchParams.set("q", query);
          fetch(target, { headers: { Accept: "application/json" } })
            .then((answer) => (answer.ok ? answer.json() : { results: [] }))
            .then((answer) => take(this, answer.results, done))
            .catch(() => take(this, [], done));
        }
      : null,
    render: {
      option: rendered,
      item: rendered,
      no_results: () => `<div class="no-results">${text("no_results")}</div>`,
    },
    onItemAdd() {
      stopLooking(this);
      this.setTextboxValue("");
      // on a phone the list would lie over what comes next
      if (matchMedia("(pointer: coarse)").matches) this.blur();
    },
    onBlur() {
      stopLooking(this);
    },
    onInitialize() {
      this.control_input.setAttribute("aria-label", label);
      if (select.classList.contains("is-invalid")) this.wrapper.classList.add("is-invalid");
      // the select had the focus before it was dressed: what is typed next belongs into the box that one sees
      if (document.activeElement === select) this.focus();
    },
  });
}
