// What every ordinary page loads. Heavier parts (boards, autocomplete, mentions) come when they are met.
import "./once.js";
import "./requests.js";
import "./toasts.js";
import "./drafts.js";
import "./typing.js";
import "./dialogs.js";
import "./menus.js";
import "./palette.js";
import "./shortcuts.js";
import "./list.js";
import "./record.js";
import "./preferences.js";
import { onContent } from "./content.js";

onContent("[data-board]", (board) => {
  // a thumb may be quicker than the board's script: the menu that it asked for opens when that is there
  let asked = null;
  const remember = ({ target }) => (asked = target.closest("[data-move-menu]") ?? asked);
  board.addEventListener("click", remember);
  import("./board.js").then((module) => {
    board.removeEventListener("click", remember);
    module.start(board);
    asked?.click();
  });
});
onContent("select[data-autocomplete]", (select) => import("./autocomplete.js").then((module) => module.start(select)));
onContent("[data-field-rules]", (carrier) => import("./rules.js").then((module) => module.start(carrier)));
onContent("text-expander", (expander) => import("./mentions.js").then((module) => module.start(expander)));
onContent("[data-map]", (element) => import("./map.js").then((module) => module.start(element)));
