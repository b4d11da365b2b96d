// The numbers of a vector as coloured cells; pointing at one, or moving with the arrow keys, reads it out.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const cells = document.createElement("div");
  cells.className = "cells";
  cells.style.gridTemplateColumns = `repeat(${Math.min(data.values.length, 64)}, 1fr)`;
  cells.setAttribute("role", "img");
  cells.setAttribute("aria-label", data.alt);
  cells.tabIndex = 0;
  const readout = document.createElement("div");
  readout.className = "readout";
  readout.setAttribute("aria-live", "polite");
  let current = 0;
  const say = (index) => {
    current = index;
    readout.textContent = `number ${index + 1} of ${data.values.length}: ${data.values[index].toFixed(3)}`;
  };
  data.values.forEach((value, index) => {
    const cell = document.createElement("span");
    const strength = Math.round(8 + 92 * Math.min(1, Math.abs(value) / data.limit));
    cell.style.background = `color-mix(in srgb, ${value < 0 ? "#e0662b" : "#3a86c8"} ${strength}%, transparent)`;
    cell.onpointerenter = () => say(index);
    cells.append(cell);
  });
  cells.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    say(Math.max(0, Math.min(data.values.length - 1, current + step)));
  };
  say(0);
  root.replaceChildren(cells, readout);
}
