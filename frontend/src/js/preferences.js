// Theme and row height live in cookies, so that the server writes them into the page and nothing flashes.
const YEAR = 60 * 60 * 24 * 365;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme], [data-set-rows]");
  if (!button) return;
  const [name, value] = button.dataset.setTheme ? ["theme", button.dataset.setTheme] : ["rows", button.dataset.setRows];
  event.preventDefault();
  remember(name, value);
  document.documentElement.dataset[name] = value;
  for (const other of document.querySelectorAll(`[data-set-${name}]`)) {
    other.setAttribute("aria-checked", String(other === button));
  }
});

if (document.body.dataset.user && "serviceWorker" in navigator && location.protocol === "https:") {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
