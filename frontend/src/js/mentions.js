// <text-expander keys="@" data-url="…">: people of this installation, by the first letters of their name.
import "@github/text-expander-element";

function suggest(event) {
  const { key, provide, text } = event.detail;
  const url = event.target.dataset.url;
  if (key !== "@" || !url) return;
  provide(
    fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { results: [] }))
      .then(({ results }) => {
        const menu = document.createElement("ul");
        menu.className = "suggestions";
        menu.setAttribute("role", "listbox");
        for (const { value, text: label, hint } of results.slice(0, 8)) {
          const item = document.createElement("li");
          item.setAttribute("role", "option");
          item.dataset.value = value;
          item.append(label);
          if (hint) item.append(Object.assign(document.createElement("span"), { className: "muted", textContent: hint }));
          menu.append(item);
        }
        return { matched: results.length > 0, fragment: menu };
      }),
  );
}

function write(event) {
  if (event.detail.key === "@") event.detail.value = `@${event.detail.item.dataset.value}`;
}

export function start(expander) {
  expander.addEventListener("text-expander-change", suggest);
  expander.addEventListener("text-expander-value", write);
}
