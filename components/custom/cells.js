// A matrix as a table of coloured cells: blue above zero, orange below, pale at zero; a real table, which screen
// readers can walk through. A number that is null is a place that is still empty.
const NUMBER = 30, DIGIT = 6, LETTER = 7; // pixels that a number needs at least, a sign of it, and a letter of a name
const BLUE = "#24609a", ORANGE = "#b34c1c", GREY = "#7d8794";
// From which percentage of a colour on letters of the text's colour, and black ones, are read less well than white ones.
const MIDDLE = 62, STRONG = { [BLUE]: 83, [ORANGE]: 91, [GREY]: 100 };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const table = build(data);
  root.replaceChildren(table);
  // How much fits depends on the width: numbers in the cells, and names above them lying or standing.
  const observer = new ResizeObserver(() => {
    const cellWidth = (root.clientWidth - nameWidth(data)) / data.columns.length;
    table.classList.toggle("numbered", cellWidth >= numberWidth(data));
    table.classList.toggle("standing", cellWidth < LETTER * longest(data.columns.map((column) => column.name)) + 4);
  });
  observer.observe(root);
  return () => observer.disconnect();
}

function build({ rows, columns, values, digits, limit, framed, lit, greyed, alt }) {
  const table = node("table", "matrix");
  table.setAttribute("aria-label", alt);
  const head = table.createTHead().insertRow();
  const corner = head.insertCell();
  corner.style.width = `${nameWidth({ rows })}px`;
  for (const { name, id } of columns) head.append(heading("col", name, id));
  head.hidden = columns.every(({ name }) => name === "");
  const body = table.createTBody();
  values.forEach((numbers, i) => {
    const row = body.insertRow();
    row.classList.toggle("framed", framed.includes(i));
    row.classList.toggle("lit", i === lit);
    row.classList.toggle("greyed", greyed.includes(i));
    const name = heading("row", rows[i]);
    name.style.width = corner.style.width; // the first row that is shown sets the widths
    row.append(name);
    numbers.forEach((value, j) => row.append(cell(value, Math.abs(value) / limit, digits, [rows[i], columns[j].name])));
  });
  return table;
}

function cell(value, strength, digits, names) {
  if (value === null) return node("td", "empty");
  const share = Math.round(8 + 92 * Math.min(1, strength));
  const colour = strength < 0.005 ? GREY : value < 0 ? ORANGE : BLUE;
  const data = node("td", share > STRONG[colour] ? "strong" : share > MIDDLE ? "middle" : "");
  data.style.background = `color-mix(in srgb, ${colour} ${share}%, transparent)`;
  data.textContent = value.toFixed(digits).replace("-", "\u2212"); // a minus sign
  data.title = `${names.filter((name) => name !== "").join(" and ")}: ${value.toFixed(Math.max(digits, 4))}`;
  return data;
}

function heading(scope, name, id) {
  const head = node("th");
  head.scope = scope;
  const word = node("span");
  word.dir = "auto";
  word.textContent = name;
  head.append(word);
  if (id !== null && id !== undefined) {
    const number = node("small");
    number.textContent = id;
    head.append(number);
  }
  return head;
}

function numberWidth({ values, digits }) {
  const numbers = values.flat().filter((value) => value !== null);
  return Math.max(NUMBER, DIGIT * longest(numbers.map((value) => value.toFixed(digits))));
}

function nameWidth({ rows }) {
  return LETTER * longest(rows) + 12;
}

function longest(names) {
  return Math.max(1, ...names.map((name) => [...name].length));
}

function node(name, className = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}
