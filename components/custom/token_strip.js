// Tokens as buttons: Tab reaches them, Enter or Space chooses one.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const focused = [...root.querySelectorAll(".chip")].indexOf(parentElement.activeElement);
  const strip = document.createElement("div");
  strip.className = "chips";
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "Tokens and their ids");
  data.chips.forEach((chip, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = chip.id === null ? "chip unknown" : "chip";
    button.setAttribute("aria-pressed", String(index === data.selected));
    button.append(part("text", chip.text), part("id", chip.id === null ? "no id" : chip.id.toLocaleString("en")));
    button.onclick = () => setTriggerValue("chosen", index);
    strip.append(button);
  });
  root.replaceChildren(strip);
  if (focused >= 0) root.querySelectorAll(".chip")[focused]?.focus();
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.dir = "auto";
  span.textContent = text;
  return span;
}
