// Tokens in the order of the text, each on its own ground; pointing at one, or Tab and the arrow keys, reads it out.
const MOST_READ_OUT = 200; // characters of one token
const COLOURS = ["#3a86c8", "#e0662b", "#1f9e89", "#a465b5", "#b0821a"];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const text = document.createElement("div");
  text.className = "coloured";
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", data.alt);
  const readout = document.createElement("div");
  readout.className = "readout";
  readout.setAttribute("aria-live", "polite");
  let current = 0;
  const say = (index) => {
    text.children[current]?.classList.remove("current");
    current = index;
    text.children[current].classList.add("current");
    const { token, id, span } = data.tokens[index];
    const number = id === null ? "no id" : `id ${id.toLocaleString("en")}`;
    const letters = [...token];
    const read = letters.length > MOST_READ_OUT ? letters.slice(0, MOST_READ_OUT - 1).join("") + "…" : token;
    readout.textContent = `token ${data.first + index + 1}: “${read}”, ${number}, ${characters(span)}`;
  };
  data.tokens.forEach(({ token, id }, index) => {
    const piece = document.createElement("span");
    piece.dir = "auto";
    piece.textContent = token;
    piece.dataset.id = id ?? "–";
    if (id === null) piece.className = "unknown";
    piece.style.background = `color-mix(in srgb, ${COLOURS[(data.first + index) % COLOURS.length]} 26%, transparent)`;
    text.append(piece);
  });
  text.onpointerover = (event) => {
    const index = [...text.children].indexOf(event.target);
    if (index >= 0) say(index);
  };
  text.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    say(Math.max(0, Math.min(data.tokens.length - 1, current + step)));
  };
  root.replaceChildren(text, readout);
  say(0);
}

// Which characters a token stands for: counted from 1, the last one among them.
function characters([start, end]) {
  return end - start < 2 ? `character ${start + 1}` : `characters ${start + 1} to ${end}`;
}
