// What the bundle finds instead of two of the browser's objects (esbuild's `--inject`). Both concern htmx alone: our
// own scripts say `window.sessionStorage`.

// htmx looks for `hx-on:*` attributes by an XPath over each attribute of the page, at its start and in whatever comes
// in: half of its start on a board. Scripts in attributes are never run here (`allowEval: false`, and the policy).
const noNodes = { iterateNext: () => null };
export class XPathEvaluator {
  createExpression() {
    return { evaluate: () => noNodes };
  }
}

// htmx keeps no pages (`historyCacheSize: 0`), yet it waits for the disk's storage at its start, and copies and writes
// out the whole page for each address that it pushes before it sees that there is nothing to keep. Storage that
// refuses, as in a browser that forbids it, is asked once and left alone.
const refuse = () => {
  throw new DOMException("htmx keeps no pages", "SecurityError");
};
export const sessionStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
