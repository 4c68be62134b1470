// Boards: drag, or Space to take a card, arrows to carry it, Space to put it down, Escape to put it back.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { post } from "./requests.js";
import { areOff } from "./shortcuts.js";
import { announce, isTyping, text } from "./text.js";
import { toast } from "./toasts.js";

const listOf = (card) => card.closest("[data-column]");
const placeOf = (card) => ({ list: listOf(card), next: card.nextElementSibling });

async function send(board, card, origin) {
  const list = listOf(card);
  const before = card.nextElementSibling?.closest("[data-card]");
  card.setAttribute("aria-busy", "true");
  const values = { id: card.dataset.card, to: list.dataset.column, before_id: before?.dataset.card ?? "", version: card.dataset.version };
  const response = await post(board.dataset.move, values).catch(() => null);
  card.removeAttribute("aria-busy");
  if (response?.ok) {
    // The server may want something first (a reason for a lost deal): it answers with a page to open.
    const ask = response.headers.get("X-Ask");
    if (ask) {
      origin.list.insertBefore(card, origin.next);
      const { openDialog } = await import("./dialogs.js");
      card.dataset.then = "reload";
      openDialog(ask, { opener: card });
      return;
    }
    replaceColumns(board, await response.text(), card.dataset.card);
    announce(text("moved_to", { stage: list.dataset.label }));
    return;
  }
  origin.list.insertBefore(card, origin.next);
  const reason = response ? (await response.text()).trim() : "";
  toast({ text: reason && reason.length < 300 && !reason.startsWith("<") ? reason : text(response ? "move_refused" : "offline"), tone: "error" });
}

function replaceColumns(board, html, id) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  board.classList.add("has-moved"); // what comes in now shows its cards at once, on a phone too
  for (const column of fresh.querySelectorAll("[data-board-column]")) {
    const old = board.querySelector(`[data-board-column="${CSS.escape(column.dataset.boardColumn)}"]`);
    if (!old) continue;
    const scroll = old.querySelector("[data-column]").scrollTop;
    old.replaceWith(column);
    column.querySelector("[data-column]").scrollTop = scroll;
    window.htmx.process(column);
    sortable(board, column.querySelector("[data-column]"));
  }
  for (const part of fresh.querySelectorAll("[data-board-part]")) {
    document.getElementById(part.id)?.replaceWith(part);
  }
  board.querySelector(`[data-card="${CSS.escape(id)}"]`)?.focus();
}

let origin = null;

function sortable(board, list) {
  Sortable.create(list, {
    group: board.id,
    animation: 150,
    draggable: "[data-card]",
    filter: "button, .menu-panel",
    preventOnFilter: false,
    delay: 180,
    delayOnTouchOnly: true,
    ghostClass: "drop-slot",
    dragClass: "held",
    scroll: true,
    onStart: ({ item }) => {
      origin = { list: listOf(item), next: item.nextElementSibling };
    },
    onEnd: ({ item, from, to, oldIndex, newIndex }) => {
      const start = { list: from, next: from.children[oldIndex + (from === to && newIndex < oldIndex ? 1 : 0)] ?? null };
      if (from !== to) send(board, item, start);
    },
  });
}

function keyboard(board) {
  let held = null;
  let start = null;
  const drop = (keep) => {
    if (!held) return;
    held.classList.remove("held");
    const card = held;
    held = null;
    if (!keep) {
      start.list.insertBefore(card, start.next);
      announce(text("put_back"));
    } else if (listOf(card) !== start.list) send(board, card, start);
    card.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || held || isTyping(event.target)) return;
    const by = { j: 1, k: -1 }[event.key];
    if (!by || !board.isConnected || areOff() || document.querySelector("dialog[open]")) return;
    const cards = [...board.querySelectorAll("[data-card]")];
    const at = cards.indexOf(document.activeElement.closest("[data-card]"));
    cards[at < 0 ? 0 : at + by]?.focus();
  });
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.target.closest("a, button, input, .menu-panel")) return;
    if (event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      if (held) return drop(true);
      held = card;
      start = placeOf(card);
      card.classList.add("held");
      announce(text("taken", { stage: listOf(card).dataset.label }));
    } else if (event.key === "Escape" && held) {
      event.preventDefault();
      drop(false);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const lists = [...board.querySelectorAll("[data-column]")];
      const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
      const to = lists[lists.indexOf(listOf(card)) + (event.key === "ArrowRight" ? 1 : -1) * rtl];
      if (!to) return;
      if (held) {
        to.prepend(held);
        held.focus();
        held.scrollIntoView({ block: "nearest", inline: "nearest" });
        announce(text("over", { stage: to.dataset.label }));
      } else to.querySelector("[data-card]")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const sibling = event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
      if (sibling?.matches("[data-card]")) {
        if (held) sibling[event.key === "ArrowDown" ? "after" : "before"](held), held.focus();
        else sibling.focus();
      }
    } else if (event.key === "Enter") card.querySelector("[data-row-link]")?.click();
  });
  board.addEventListener("focusout", (event) => {
    if (held && event.relatedTarget && !board.contains(event.relatedTarget)) drop(false);
  });
}

function closeMenu(board) {
  const panel = board.querySelector(".move .menu-panel");
  if (!panel) return;
  panel.parentNode.querySelector("[data-move-menu]").setAttribute("aria-expanded", "false");
  panel.remove();
}

function openMenu(board, button) {
  const card = button.closest("[data-card]");
  const panel = document.createElement("div");
  panel.className = "menu-panel";
  panel.setAttribute("role", "menu");
  panel.setAttribute("aria-label", button.getAttribute("aria-label"));
  for (const list of board.querySelectorAll("[data-column]")) {
    if (list === listOf(card)) continue;
    const item = Object.assign(document.createElement("button"), { type: "button", className: "menu-item", textContent: list.dataset.label });
    item.setAttribute("role", "menuitem");
    item.dataset.moveTo = list.dataset.column;
    panel.append(item);
  }
  button.after(panel);
  button.setAttribute("aria-expanded", "true");
  panel.firstElementChild?.focus();
}

function moveMenu(board) {
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move-menu]");
    const item = event.target.closest("[data-move-to]");
    const wasOpen = button?.getAttribute("aria-expanded") === "true";
    if (!item) closeMenu(board);
    if (button && !wasOpen) openMenu(board, button);
    if (!item) return;
    const card = item.closest("[data-card]");
    const start = placeOf(card);
    const target = board.querySelector(`[data-column="${CSS.escape(item.dataset.moveTo)}"]`);
    closeMenu(board);
    if (!target || target === start.list) return;
    target.prepend(card);
    send(board, card, start);
  });
  board.addEventListener("keydown", (event) => {
    const panel = event.target.closest(".move .menu-panel");
    if (!panel) return;
    const items = [...panel.children];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      const button = panel.parentNode.querySelector("[data-move-menu]");
      closeMenu(board);
      button.focus();
    } else if (by) items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => board.contains(event.target) || closeMenu(board));
}

export function start(board) {
  if (!board.dataset.move) return;
  board.querySelectorAll("[data-column]").forEach((list) => sortable(board, list));
  keyboard(board);
  moveMenu(board);
  const chosen = board.querySelector("[data-board-column].is-first");
  if (chosen && innerWidth < 768) board.scrollLeft = chosen.offsetLeft - 16;
}
