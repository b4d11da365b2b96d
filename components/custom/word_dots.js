// Words as dots in a frame that never moves: landmarks pale, the reader's words in colour.
const MARGIN = 40, MARGIN_OF_DOT = 2; // around the map, and around a dot, which no label may touch

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  let drawnAt = 0;
  // Drawn at its true width, so that letters stay readable on a phone, and again when that changes.
  const observer = new ResizeObserver(() => {
    if (root.clientWidth && root.clientWidth !== drawnAt) root.replaceChildren(draw(data, (drawnAt = root.clientWidth), root));
  });
  observer.observe(root);
  return () => observer.disconnect();
}

function draw(data, WIDTH, root) {
  const HEIGHT = Math.round(Math.max(360, 0.95 * WIDTH));
  const inFrame = (place) => place.left > 2 && place.top > 2 && place.right < WIDTH - 2 && place.bottom < HEIGHT - 2;
  const scale = (axis, length) => {
    const values = data.frame.map((dot) => dot[axis]);
    const low = Math.min(...values), high = Math.max(...values);
    return (value) => {
      const inside = MARGIN + ((value - low) / (high - low)) * (length - 2 * MARGIN);
      return Math.max(12, Math.min(length - 12, inside)); // a word off the map stands at its edge
    };
  };
  const x = scale("x", WIDTH), y = scale("y", HEIGHT);
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": data.alt });
  svg.append(element("rect", { x: 0, y: 0, width: WIDTH, height: HEIGHT, rx: 8, fill: "none", stroke: "var(--st-border-color)" }));
  const taken = [];
  const pen = document.createElement("canvas").getContext("2d");
  const font = getComputedStyle(root).fontFamily;
  const widthOf = (text, style) => {
    pen.font = `${style.weight} ${style.size}px ${font}`;
    return pen.measureText(text).width;
  };
  const isSelected = (dot) => dot.text === data.selected;
  const words = [...data.words].sort((a, b) => isSelected(b) - isSelected(a)); // its label comes first
  const dots = [
    ...words.map((dot) => ({ ...dot, kind: isSelected(dot) ? "selected" : "word" })),
    ...data.landmarks.map((dot) => ({ ...dot, kind: "landmark" })),
  ];
  const styles = {
    selected: { r: 7, fill: "#e0662b", opacity: 1, size: 16, weight: 700 },
    word: { r: 5, fill: "#3a86c8", opacity: 1, size: 14, weight: 600 },
    landmark: { r: 2.5, fill: "var(--st-text-color)", opacity: 0.62, size: 12, weight: 400 },
  };
  const drawn = [];
  const centres = dots.map((dot) => [x(dot.x), HEIGHT - y(dot.y)]);
  for (const dot of dots) {
    const style = styles[dot.kind];
    const px = x(dot.x), py = HEIGHT - y(dot.y);
    const group = element("g", { opacity: style.opacity });
    group.append(element("circle", { cx: px, cy: py, r: style.r, fill: style.fill }));
    const place = freePlace(px, py, widthOf(dot.text, style), style.size, style.r, taken, centres, inFrame);
    if (place || dot.kind === "selected") {
      const { left, top } = place ?? { left: px + style.r + 3, top: py - style.size / 2 };
      const text = element("text", { x: left, y: top + style.size * 0.8, "font-size": style.size, "font-weight": style.weight });
      text.textContent = dot.text;
      group.append(text);
    }
    const title = element("title", {});
    title.textContent = dot.text;
    group.append(title);
    drawn.push(group);
  }
  svg.append(...drawn.reverse()); // the reader's words lie on top
  return svg;
}

// The first of eight places around a dot where its label touches no other and covers no dot; notes it in `taken`.
function freePlace(px, py, width, height, r, taken, centres, inFrame) {
  const gap = r + 3;
  const places = [
    [px + gap, py - height / 2], [px - gap - width, py - height / 2],
    [px - width / 2, py - gap - height], [px - width / 2, py + gap],
    [px + gap, py - height], [px + gap, py], [px - gap - width, py - height], [px - gap - width, py],
  ];
  for (const [left, top] of places) {
    const box = { left, top, right: left + width, bottom: top + height };
    const free = taken.every((other) => box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top);
    const covers = centres.some(([cx, cy]) => cx > box.left - MARGIN_OF_DOT && cx < box.right + MARGIN_OF_DOT && cy > box.top - MARGIN_OF_DOT && cy < box.bottom + MARGIN_OF_DOT);
    if (inFrame(box) && free && !covers) {
      taken.push(box);
      return { left, top };
    }
  }
  return null;
}

function element(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
