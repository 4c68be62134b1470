// <details class="menu">: closes on Escape, on a click elsewhere and when another one opens. Arrows go from item to
// item, and typing goes to the next item that begins with what was typed, also while the items are still being read.
const TYPING_PAUSE = 900;
let typed = "";
let typedAt = 0;
let waiting = null; // the menu whose items are still being read, after letters were typed

const isRead = (menu) => !menu.querySelector("summary.htmx-request");
const itemsOf = (menu) => [...menu.querySelectorAll(".menu-item")].filter((item) => item.offsetParent);

function goToTyped(menu) {
  const found = itemsOf(menu).find((item) => item.textContent.trim().toLowerCase().startsWith(typed));
  found?.focus();
  return Boolean(found);
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const inside = menu.contains(event.target);
    if (!inside || (event.target.closest("a, button[type=submit]") && !event.target.closest("summary") && !event.target.closest("[data-keep-open]"))) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = itemsOf(menu);
    if (!items.length || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(at + step + items.length) % items.length].focus();
  }
});

// Captured, so that single-key shortcuts of the page do not take the letters.
document.addEventListener(
  "keydown",
  (event) => {
    // Just opened by a shortcut, it has not got the focus yet.
    const anyOpen = event.target === document.body ? document.querySelector("details.menu[open]") : null;
    const menu = event.target.closest?.("details.menu[open]") ?? anyOpen;
    if (!menu || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const goesOn = waiting === menu || Date.now() - typedAt < TYPING_PAUSE;
    if (event.key === " " && !goesOn) return;
    typed = (goesOn ? typed : "") + event.key.toLowerCase();
    typedAt = Date.now();
    event.stopPropagation();
    waiting = isRead(menu) ? null : menu;
    if (waiting || goToTyped(menu)) event.preventDefault();
  },
  true,
);

document.addEventListener("htmx:afterSwap", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || menu !== waiting) return;
  goToTyped(menu);
  waiting = null;
});

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("details.menu[open]")) return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
    }
    // Opened by a shortcut: the focus comes along.
    if (!event.target.contains(document.activeElement)) event.target.querySelector("summary")?.focus({ preventScroll: true });
    // Panels that would leave the window open towards the other side.
    const panel = event.target.querySelector(".menu-panel");
    panel?.classList.remove("upwards");
    const box = panel?.getBoundingClientRect();
    if (box && box.bottom > innerHeight && box.top > innerHeight / 2) panel.classList.add("upwards");
    if (box && box.left < 0) panel.classList.add("from-start");
    if (box && box.right > innerWidth) panel.classList.remove("from-start");
    event.target.querySelector("[autofocus]")?.focus();
  },
  true,
);
