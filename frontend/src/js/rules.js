// Inputs that depend on others: shown when, required when, options when. The server decides again on saving;
// a condition that only it can answer counts as met here.
const NUMBERS = {
  is: (a, b) => a === b,
  gte: (a, b) => a >= b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  lt: (a, b) => a < b,
};

function inputsOf(form, name) {
  return [...form.elements].filter((one) => one.name === name || one.name === `${name}_amount`);
}

function valuesOf(form, name) {
  const found = [];
  for (const input of inputsOf(form, name)) {
    if (input.disabled && input.closest("[hidden]")) continue;
    if (input.type === "checkbox" || input.type === "radio") {
      if (input.checked) found.push(input.value === "on" ? "true" : input.value);
    } else if (input instanceof HTMLSelectElement) {
      found.push(...[...input.selectedOptions].map((option) => option.value));
    } else found.push(input.value);
  }
  return found.filter((value) => value.trim() !== "");
}

function leafHolds(form, { field, op, value }) {
  if (!inputsOf(form, field).length) return true;
  const mine = valuesOf(form, field);
  const text = (mine[0] ?? "").toLowerCase();
  const wanted = [value].flat().map((one) => String(one).toLowerCase());
  const lower = mine.map((one) => one.toLowerCase());
  if (op === "empty" || op === "not_empty") return (mine.length === 0) === (op === "empty");
  if (op === "in" || op === "not_in") return lower.some((one) => wanted.includes(one)) === (op === "in");
  if (op === "contains") return text.includes(wanted[0]);
  if (op === "starts") return text.startsWith(wanted[0]);
  if (op === "is_not") return text !== wanted[0];
  if (wanted[0] === "true" || wanted[0] === "false") return (text === "true" || text === "yes") === (wanted[0] === "true");
  if (op in NUMBERS && text !== "" && !Number.isNaN(Number(text))) return NUMBERS[op](Number(text), Number(wanted[0]));
  if (op === "is" || op === "on") return text === wanted[0];
  if (text === "") return false;
  if (op === "before") return text < wanted[0];
  if (op === "after") return text > wanted[0];
  if (op === "between") return Number.isNaN(Number(text)) ? text >= wanted[0] && text <= wanted[1] : Number(text) >= Number(wanted[0]) && Number(text) <= Number(wanted[1]);
  return op in NUMBERS ? false : true;
}

function holds(form, tree) {
  if (tree.all) return tree.all.every((child) => holds(form, child));
  if (tree.any) return tree.any.some((child) => holds(form, child));
  if (tree.not) return !holds(form, tree.not);
  return leafHolds(form, tree);
}

const boxOf = (form, name) => inputsOf(form, name)[0]?.closest('[id^="div_id_"]');

function show(form, name, visible) {
  const box = boxOf(form, name);
  if (!box) return;
  box.hidden = !visible;
  for (const input of box.querySelectorAll("input, select, textarea")) input.disabled = !visible;
}

function demand(form, name, needed) {
  const label = boxOf(form, name)?.querySelector("label, legend");
  label?.classList.toggle("is-needed", needed);
  for (const input of inputsOf(form, name)) input.setAttribute("aria-required", String(needed));
}

function offer(form, name, options) {
  for (const input of inputsOf(form, name)) {
    const choices = input instanceof HTMLSelectElement ? [...input.options] : [input];
    for (const choice of choices) {
      const rule = options[choice.value];
      if (!rule) continue;
      const open = holds(form, rule);
      choice.disabled = !open;
      choice.hidden = !open;
      if (!open && choice.selected) input.value = "";
      if (!open && choice.checked) choice.checked = false;
    }
  }
}

export function start(carrier) {
  const form = carrier.form;
  const rules = JSON.parse(carrier.dataset.fieldRules);
  const apply = () => {
    // twice: what the first round hides, the second no longer counts
    for (let round = 0; round < 2; round += 1) {
      for (const [name, rule] of Object.entries(rules)) {
        if (rule.visible) show(form, name, holds(form, rule.visible));
        if (rule.required) demand(form, name, holds(form, rule.required));
        if (rule.options) offer(form, name, rule.options);
      }
    }
    for (const fold of form.querySelectorAll("details[data-fold]")) {
      fold.hidden = [...fold.querySelectorAll('[id^="div_id_"]')].every((box) => box.hidden);
    }
  };
  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  apply();
}
