// htmx as the house uses it: no eval, no inherited attributes, and answers that carry a message are shown.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { toast } from "./toasts.js";
import { text } from "./text.js";

window.htmx = htmx;
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  disableInheritance: true,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  // what came in listens at once: in htmx's 20 ms of settling a quick hand's choice would be lost
  defaultSettleDelay: 0,
  // not `style`: setting that attribute, even to nothing, is against the page's policy
  attributesToSettle: ["class", "width", "height"],
  // 409 and 422 carry the form with what the person typed and what is wrong with it.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409", swap: true, error: false },
    { code: "422", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ],
});

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    const content = fragment instanceof DocumentFragment ? fragment.firstElementChild ?? fragment : fragment;
    // What somebody is typing into stays as it is.
    return Idiomorph.morph(target, content, { morphStyle: "outerHTML", ignoreActiveValue: true, restoreFocus: true });
  },
});

export function csrfToken() {
  return document.body.dataset.csrf ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

let running = 0;
const busy = (change) => {
  running = Math.max(0, running + change);
  document.documentElement.classList.toggle("busy", running > 0);
};
document.addEventListener("htmx:beforeRequest", (event) => event.detail.elt.matches("[data-quiet]") || busy(1));
document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.matches("[data-quiet]") || busy(-1));

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) location.assign(location.href);
  else toast({ text: text(status === 403 ? "forbidden" : status === 404 ? "gone" : status === 429 ? "too_many" : "server_error"), tone: "error" });
});
document.addEventListener("htmx:sendError", () => toast({ text: text("offline"), tone: "error" }));
document.addEventListener("htmx:timeout", () => toast({ text: text("offline"), tone: "error" }));

export async function post(url, values = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(values),
  });
  const trigger = response.headers.get("HX-Trigger");
  if (trigger?.startsWith("{")) {
    for (const [name, detail] of Object.entries(JSON.parse(trigger))) htmx.trigger(document.body, name, detail);
  }
  return response;
}

export { htmx };
