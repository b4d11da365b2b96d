// One row as long as the vocabulary, drawn to scale, and the cells around the 1 enlarged.
export default function ({ data, parentElement }) {
  const { id, size } = data;
  const at = (100 * (id + 0.5)) / size; // percent of the line
  const svg = svgElement("svg", { viewBox: "0 0 1000 44", preserveAspectRatio: "none", height: 30, "aria-hidden": "true" });
  svg.append(
    svgElement("rect", { x: 0, y: 14, width: 1000, height: 14, rx: 2, fill: "var(--st-secondary-background-color)", stroke: "var(--st-border-color)", "vector-effect": "non-scaling-stroke" }),
    svgElement("line", { x1: at * 10, x2: at * 10, y1: 2, y2: 42, stroke: "var(--st-primary-color)", "stroke-width": 3, "vector-effect": "non-scaling-stroke" }),
  );
  const cells = document.createElement("div");
  cells.className = "cell-row";
  const from = Math.max(0, Math.min(id - 3, size - 7));
  const to = Math.min(size, from + 7);
  cells.append(label(from > 0 ? `${from.toLocaleString("en")} zeros …` : ""));
  for (let index = from; index < to; index++) {
    const cell = document.createElement("span");
    cell.textContent = index === id ? "1" : "0";
    if (index === id) cell.className = "one";
    cells.append(cell);
  }
  cells.append(label(to < size ? `… ${(size - to).toLocaleString("en")} zeros` : ""));
  const root = parentElement.querySelector(".root");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", `A row of ${size.toLocaleString("en")} cells: a 1 in cell ${id.toLocaleString("en")}, zeros elsewhere`);
  root.replaceChildren(svg, cells);
}

function label(text) {
  const node = document.createElement("i");
  node.textContent = text;
  return node;
}

function svgElement(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
