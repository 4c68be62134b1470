// Lists: J/K move, X selects, Space peeks, keys that a row's own buttons name; the bulk bar; editing one cell.
import { openDialog } from "./dialogs.js";
import { onContent } from "./content.js";
import { htmx } from "./requests.js";
import { isTyping, text } from "./text.js";

const rowsOf = () => [...document.querySelectorAll("[data-row]")];
const linkOf = (row) => row.querySelector("[data-row-link]");
const boxOf = (row) => row.querySelector("input[name=ids]");

function current() {
  return document.activeElement?.closest?.("[data-row]") ?? document.querySelector("[data-row].current");
}

function moveTo(row) {
  document.querySelectorAll("[data-row].current").forEach((other) => other.classList.remove("current"));
  if (!row) return;
  row.classList.add("current");
  linkOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const rows = rowsOf();
  const at = rows.indexOf(current());
  moveTo(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]);
}

function peek(row) {
  const link = linkOf(row);
  if (link) openDialog(link.href, { drawer: true, opener: link });
}

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || localStorage.getItem("shortcuts-off") === "1") return;
  if (!document.querySelector("[data-row]")) return;
  const drawer = document.querySelector("dialog.drawer[open]");
  if (document.querySelector("dialog[open]") && !drawer) return;
  const key = event.key.toLowerCase();
  const row = current();
  if (key === "j" || key === "k") {
    step(key === "j" ? 1 : -1);
    if (drawer) {
      // closing gives the focus back to the row that was peeked at; the next one is wanted
      const next = document.querySelector("[data-row].current");
      drawer.opener = null;
      drawer.close();
      moveTo(next);
      peek(next);
    }
  } else if (drawer) {
    if (event.key === " ") drawer.close();
    else return;
  } else if (key === "x" && row) boxOf(row)?.click();
  else if (event.key === " " && row && !event.target.closest("button, summary, input")) peek(row);
  else if (row?.querySelector(`[data-row-key="${CSS.escape(key)}"]`)) row.querySelector(`[data-row-key="${CSS.escape(key)}"]`).click();
  else if (event.key === "F2" && row) edit(row.querySelector("[data-edit]"));
  else return;
  event.preventDefault();
});

// -- selection ---------------------------------------------------------------------------------------
let lastBox = null;

function showSelection() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const boxes = rowsOf().map(boxOf).filter(Boolean);
  const chosen = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest("[data-row]").toggleAttribute("data-selected", box.checked));
  const all = document.querySelector("[data-select-page]");
  if (all) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  const wholeList = bar.querySelector("[name=everything]");
  if (chosen.length < boxes.length) wholeList.value = "";
  bar.hidden = chosen.length === 0;
  const total = wholeList.value ? bar.dataset.total : String(chosen.length);
  bar.querySelector("[data-count]").textContent = text("selected", { count: total });
  const widen = bar.querySelector("[data-select-everything]");
  if (widen) widen.hidden = Boolean(wholeList.value) || chosen.length < boxes.length || Number(bar.dataset.more) === 0;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-page]")) {
    rowsOf().map(boxOf).forEach((box) => box && (box.checked = event.target.checked));
    showSelection();
  } else if (event.target.matches("[data-row] input[name=ids]")) {
    lastBox = event.target;
    showSelection();
  }
});

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-row] input[name=ids]");
  if (box && event.shiftKey && lastBox && lastBox !== box) {
    const boxes = rowsOf().map(boxOf);
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((other) => (other.checked = box.checked));
  }
  if (event.target.closest("[data-select-everything]")) {
    document.querySelector("[data-bulk] [name=everything]").value = "1";
    showSelection();
  }
  if (event.target.closest("[data-clear-selection]")) {
    rowsOf().map(boxOf).forEach((other) => other && (other.checked = false));
    showSelection();
  }
  const action = event.target.closest("[data-bulk-action]");
  if (action) {
    event.preventDefault();
    const form = action.form;
    const values = { action: action.value, everything: form.everything.value, ids: [...document.querySelectorAll("[data-row] input[name=ids]:checked")].map((one) => one.value) };
    // a control named "action" hides the form's own property of that name
    const url = form.getAttribute("action");
    // what needs no questions is answered with where to go, and the dialog stays closed
    openDialog(url, { opener: action, values });
  }
});
onContent("[data-bulk]", showSelection);
document.addEventListener("list-changed", () => location.reload());

// -- one cell ----------------------------------------------------------------------------------------
function edit(cell) {
  if (!cell || cell.querySelector("form")) return;
  const url = cell.dataset.edit;
  const before = cell.innerHTML;
  cell.addEventListener("keydown", function leave(event) {
    if (event.key !== "Escape" || !cell.querySelector("form")) return;
    event.preventDefault();
    event.stopPropagation();
    cell.removeEventListener("keydown", leave);
    cell.innerHTML = before;
    cell.closest("[data-row]") ? linkOf(cell.closest("[data-row]"))?.focus() : cell.querySelector("button")?.focus();
  });
  htmx.ajax("GET", url, { target: cell, swap: "innerHTML", source: cell }).then(() => cell.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus());
}

document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td[data-edit]");
  if (cell && !event.target.closest("a, form")) {
    getSelection()?.removeAllRanges();
    edit(cell);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit-field]");
  if (!button) return;
  event.preventDefault();
  edit(button.closest("[data-edit]"));
});
