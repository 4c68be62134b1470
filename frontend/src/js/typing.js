// What somebody types or chooses while an answer is on its way stays, though the answer brings its fields anew
// with the values they had when it was asked for.
const KINDS = "input[name]:not([type=hidden], [type=password], [type=file], [type=submit], [type=button]), select[name], textarea[name]";
const sent = new WeakMap(); // request -> what its fields said when it was sent
const typed = new WeakMap(); // request -> what they said when its answer came, where that is something else
const taken = new WeakMap(); // request -> the new fields that say so now

const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

function stateOf(field) {
  if (isTicked(field)) return String(field.checked);
  if (field.multiple) return JSON.stringify([...field.selectedOptions].map((option) => option.value));
  return field.value;
}

// A field is the same one if its form, its name and its place among those of that name are.
function keyOf(field) {
  const same = [...field.form.elements].filter((one) => one.name === field.name && (!isTicked(field) || one.value === field.value));
  return JSON.stringify([field.form.getAttribute("action"), field.name, isTicked(field) ? field.value : "", same.indexOf(field)]);
}

function fieldsIn(root) {
  return new Map([...root.querySelectorAll(KINDS)].filter((field) => field.form).map((field) => [keyOf(field), field]));
}

function statesIn(root) {
  return new Map([...fieldsIn(root)].map(([key, field]) => [key, stateOf(field)]));
}

function put(field, { state, options }) {
  if (isTicked(field)) field.checked = state === "true";
  else if (field instanceof HTMLSelectElement) {
    const chosen = options.map((option) => option.value);
    // a record that was found by typing is known to the old list alone
    if (field.dataset.autocomplete) field.append(...options.filter(({ value }) => ![...field.options].some((one) => one.value === value)));
    for (const option of field.options) option.selected = chosen.includes(option.value);
  } else field.value = state;
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target instanceof Element) sent.set(detail.xhr, statesIn(detail.target));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const before = sent.get(detail.xhr);
  if (!before || !(detail.target instanceof Element)) return;
  const changed = new Map();
  for (const [key, field] of fieldsIn(detail.target)) {
    const options = [...(field.selectedOptions ?? [])].map((option) => option.cloneNode(true));
    if (before.has(key) && before.get(key) !== stateOf(field)) changed.set(key, { type: field.type, state: stateOf(field), options });
  }
  if (changed.size) typed.set(detail.xhr, changed);
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const changed = typed.get(detail.xhr);
  if (!changed || taken.has(detail.xhr)) return;
  const fields = [];
  for (const [key, field] of fieldsIn(document)) {
    const kept = changed.get(key);
    // what the answer itself says anew counts for more
    if (kept?.type !== field.type || stateOf(field) !== sent.get(detail.xhr).get(key)) continue;
    put(field, kept);
    fields.push(field);
  }
  taken.set(detail.xhr, fields);
});

// Told only now, when what came in listens.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  for (const field of taken.get(detail.xhr) ?? []) {
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  }
  taken.delete(detail.xhr);
});
