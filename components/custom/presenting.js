// One panel of the page at a time, for the projector: see presenting.css. A panel begins with a subheader or the line
// above the page's foot; a question is one of its own; a closed fold ends the one before it. Streamlit draws on as ever;
// what is not of the panel in sight is only marked as away.
const STARTS = "h2, h3, hr";
const QUESTION = "[class*=st-key-question_]"; // see predict.py
const LESSONS = ".st-key-lesson_cards"; // what to open next is no part of what is presented
const USES_ARROWS =
  "input:not([type=checkbox], [type=button]), textarea, select, canvas, [contenteditable=true], " +
  "[role=slider], [role=radio], [role=combobox], [role=listbox], [role=option], [role=tab], [role=grid]";
const USES_PAGE_KEYS = "textarea, select, canvas, [contenteditable=true], [role=slider], [role=listbox], [role=option], [role=grid]";
const LIES_OVER = "[data-testid=stPopoverBody], [role=dialog], [role=listbox]"; // and is closed by Escape itself
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

const chosen = { page: null, at: 0, id: null }; // outlives a drawing: a rerun keeps the panel, another page begins anew
let entered = 0; // at which panel the next page begins: at its last one for who comes from the page after it
let stop = null; // ends the drawing before this one: Streamlit 1.67 does not always say that it is over

export default function ({ data, parentElement, setTriggerValue }) {
  stop?.();
  const all = document.documentElement, main = document.querySelector("[data-testid=stMain]");
  const [back, on, leave] = parentElement.querySelectorAll("button"), told = parentElement.querySelector("output");
  if (chosen.page !== data.page) {
    Object.assign(chosen, { page: data.page, at: entered, id: null });
    main.scrollTop = entered = 0;
  }
  let panels = [], here = 0, planned = 0;

  const draw = () => {
    planned = 0;
    if (!parentElement.isConnected) return end();
    panels = panelsOf(blocksOf(main.querySelector("[data-testid=stMainBlockContainer] [data-testid=stVerticalBlock]"), parentElement));
    if (!panels.length) return;
    here = placeOf(panels, chosen); // while the page is drawn, the chosen one may not be there yet
    const parts = new Map(panels.flatMap((panel, at) => panel.parts.map((part) => [part, at === here])));
    main.querySelectorAll("[data-panel]").forEach((part) => parts.has(part) || part.removeAttribute("data-panel"));
    parts.forEach((inSight, part) => mark(part, inSight));
    const after = panels[here + 1]?.name ?? data.after;
    const sentence = `${here + 1} of ${panels.length}${after ? ` · next: ${after}` : ""}`;
    if (told.textContent !== sentence) told.textContent = sentence;
  };
  const plan = () => (planned ||= requestAnimationFrame(draw));

  const show = (at) => {
    if (!panels[at]) return follow(at < 0 ? data.before && 0 : data.after && -1);
    Object.assign(chosen, { at, id: panels[at].id });
    draw();
    main.scrollTop = 0;
    window.dispatchEvent(new Event("resize")); // charts take the width that they have now
  };
  const follow = (place) => {
    if (typeof place !== "number") return;
    entered = place < 0 ? 0 : Infinity;
    [...main.querySelectorAll(".st-key-foot_links a")].at(place)?.click();
  };
  const quit = () => {
    end();
    chosen.page = null;
    setTriggerValue("leave", true);
  };

  const press = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0], step = STEPS[event.key];
    if (event.key === "Escape" && !document.querySelector(LIES_OVER)) {
      if (target.matches?.(USES_ARROWS)) target.blur();
      else quit();
    }
    if (!step || target.closest?.(event.key.startsWith("Page") ? USES_PAGE_KEYS : USES_ARROWS)) return;
    event.preventDefault();
    if (!scrolled(main, step)) show(here + step);
  };

  const notes = new BroadcastChannel("presenting"); // the teacher's notes, in another window: see presenting_followed.js
  const tell = () => notes.postMessage({ page: data.page });
  notes.onmessage = ({ data: { ask } }) => ask && tell();
  tell();

  const observer = new MutationObserver(plan);
  all.dataset.presenting = "";
  observer.observe(main, { childList: true, subtree: true });
  document.addEventListener("keydown", press);
  back.onclick = () => show(here - 1);
  on.onclick = () => show(here + 1);
  leave.onclick = quit;
  const end = () => {
    if (stop !== end) return;
    stop = null;
    notes.close();
    observer.disconnect();
    cancelAnimationFrame(planned);
    document.removeEventListener("keydown", press);
    main.querySelectorAll("[data-panel]").forEach((block) => block.removeAttribute("data-panel"));
    delete all.dataset.presenting;
  };
  stop = end;
  draw();
  return end;
}

// What stands on the page from top to bottom; a container that has subheaders in it is looked into. A block is what is
// shown together: its parts, which are more than one where a question was taken out of it.
function blocksOf(container, own) {
  return [...(container?.children ?? [])].flatMap((child) => {
    if (child.contains(own) || child.matches(LESSONS) || !isSeen(child)) return [];
    const inner = child.matches("[data-testid=stVerticalBlock]") ? child : child.querySelector(":scope > [data-testid=stVerticalBlock]");
    if (inner?.matches(LESSONS)) return [];
    if (inner?.matches(QUESTION)) return [{ parts: [inner], question: inner.className.match(/st-key-(question_\S+)/)[1] }];
    if (inner?.querySelector(`${STARTS}, ${QUESTION}, ${LESSONS}`)) return blocksOf(inner, own);
    return withoutQuestions(child);
  });
}

// A question that stands in columns comes after all that stands around it.
function withoutQuestions(child) {
  const questions = [...child.querySelectorAll(QUESTION)].filter((each) => !each.closest("details"));
  if (!questions.length) return [{ parts: [child] }];
  const around = partsAround(child, questions).filter(isSeen);
  const asked = questions.map((each) => ({ parts: [each], question: each.className.match(/st-key-(question_\S+)/)[1] }));
  return [...(around.length ? [{ parts: around }] : []), ...asked];
}

function partsAround(element, questions) {
  if (questions.includes(element)) return [];
  if (!questions.some((each) => element.contains(each))) return [element];
  return [...element.children].flatMap((child) => partsAround(child, questions));
}

const SEEN = "h1, h2, h3, p, li, svg, canvas, img, hr, input, [data-testid=stHtml], [data-testid^=stBidiComponent]";

function isSeen(block) {
  const parts = [...block.querySelectorAll(SEEN), ...(block.matches(SEEN) ? [block] : [])];
  return parts.some((part) => !part.closest("[data-testid=stPopover]"));
}

function isFolds({ parts, question }) {
  const seen = parts.flatMap((part) => [...part.querySelectorAll(SEEN)]);
  return !question && seen.every((each) => each.closest("details, [data-testid=stPopover]"));
}

function panelsOf(blocks) {
  const panels = [];
  for (const block of blocks) {
    const last = panels.at(-1), titleOnly = last?.blocks.length === 1 && isTitle(last.blocks[0]);
    const starts = block.question ? !titleOnly : (last?.question || startsPanel(block)) && !isFolds(block);
    if (!last || starts) panels.push({ blocks: [], parts: [], question: false, name: null, id: null });
    const panel = panels.at(-1);
    panel.blocks.push(block);
    panel.parts.push(...block.parts);
    panel.question ||= Boolean(block.question);
    panel.name ??= nameOf(block);
    panel.id ??= block.question ?? panel.name;
  }
  return panels;
}

function startsPanel({ parts }) {
  return parts.length === 1 && parts[0].querySelector(STARTS) && !parts[0].querySelector("[data-testid=stColumn]");
}

function isTitle({ parts }) {
  const seen = [...parts[0].querySelectorAll(SEEN)];
  return seen.length > 0 && seen.every((each) => each.matches("h2, h3"));
}

function nameOf({ parts, question }) {
  if (question) return "a question";
  const named = parts.map((part) => part.querySelector("h1, h2, h3, strong")).find(Boolean) ?? parts[0];
  const name = named.textContent.trim().replace(/\.$/, "");
  return (name.length > 60 ? `${name.slice(0, 60)}…` : name) || null;
}

// The panel in sight may have moved, as panels came before it.
function placeOf(panels, { at, id }) {
  if (id === null || panels[at]?.id === id) return Math.min(at, panels.length - 1);
  const same = panels.findIndex((panel) => panel.id === id);
  return same < 0 ? Math.min(at, panels.length - 1) : same;
}

function mark(block, inSight) {
  const state = inSight ? "here" : "away";
  if (block.dataset.panel !== state) block.dataset.panel = state;
}

// A panel that is higher than the screen is gone through first.
function scrolled(main, step) {
  const before = main.scrollTop;
  main.scrollTop += step * 0.8 * main.clientHeight;
  return Math.abs(main.scrollTop - before) > 8;
}
