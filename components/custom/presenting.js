// One panel of the page at a time, for the projector: see presenting.css. A panel begins with a subheader, a fold, or the
// line above the page's foot. Streamlit draws on as ever; what is not of the panel in sight is only marked as away.
const STARTS = "h2, h3, hr";
const FOLD = ":scope [data-testid=stExpander] details";
const USES_ARROWS =
  "input:not([type=checkbox], [type=button]), textarea, select, canvas, [contenteditable=true], " +
  "[role=slider], [role=radio], [role=combobox], [role=listbox], [role=option], [role=tab], [role=grid]";
const USES_PAGE_KEYS = "textarea, select, canvas, [contenteditable=true], [role=slider], [role=listbox], [role=option], [role=grid]";
const LIES_OVER = "[data-testid=stPopoverBody], [role=dialog], [role=listbox]"; // and is closed by Escape itself
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

const chosen = { page: null, at: 0, name: null }; // outlives a drawing: a rerun keeps the panel, another page begins anew
let stop = null; // ends the drawing before this one: Streamlit 1.67 does not always say that it is over

export default function ({ data, parentElement, setTriggerValue }) {
  stop?.();
  const all = document.documentElement, main = document.querySelector("[data-testid=stMain]");
  const [back, on, leave] = parentElement.querySelectorAll("button"), told = parentElement.querySelector("output");
  if (chosen.page !== data.page) {
    Object.assign(chosen, { page: data.page, at: 0, name: null });
    main.scrollTop = 0;
  }
  let panels = [], here = 0, planned = 0;

  const draw = () => {
    planned = 0;
    if (!parentElement.isConnected) return end();
    panels = panelsOf(blocksOf(main.querySelector("[data-testid=stMainBlockContainer] [data-testid=stVerticalBlock]"), parentElement));
    if (!panels.length) return;
    here = placeOf(panels, chosen); // while the page is drawn, the chosen one may not be there yet
    panels.forEach((panel, at) => panel.blocks.forEach((block) => mark(block, at === here)));
    const after = panels[here + 1]?.name ?? data.after;
    const sentence = `${here + 1} of ${panels.length}${after ? ` · next: ${after}` : ""}`;
    if (told.textContent !== sentence) told.textContent = sentence;
  };
  const plan = () => (planned ||= requestAnimationFrame(draw));

  const show = (at) => {
    if (!panels[at]) return follow(at < 0 ? data.before && 0 : data.after && -1);
    Object.assign(chosen, { at, name: panels[at].name });
    draw();
    if (panels[at].fold?.open === false) panels[at].fold.querySelector("summary").click();
    main.scrollTop = 0;
    window.dispatchEvent(new Event("resize")); // charts take the width that they have now
  };
  const follow = (place) => {
    if (typeof place === "number") [...main.querySelectorAll(".st-key-foot_links a")].at(place)?.click();
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
    if (!event.key.startsWith("Page") || !scrolled(main, step)) show(here + step);
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

// What stands on the page from top to bottom; a container that has subheaders in it is looked into.
function blocksOf(container, own) {
  return [...(container?.children ?? [])].flatMap((child) => {
    const inner = child.matches("[data-testid=stVerticalBlock]") ? child : child.querySelector(":scope > [data-testid=stVerticalBlock]");
    if (inner?.querySelector(STARTS) || inner?.querySelector(FOLD)) return blocksOf(inner, own);
    return child.contains(own) || !isSeen(child) ? [] : [child];
  });
}

function isSeen(block) {
  const parts = block.querySelectorAll("h1, h2, h3, p, li, svg, canvas, img, hr, input, [data-testid=stHtml], [data-testid^=stBidiComponent]");
  return [...parts].some((part) => !part.closest("[data-testid=stPopover]"));
}

function panelsOf(blocks) {
  const panels = [];
  let afterFold = false;
  for (const block of blocks) {
    const fold = foldOf(block), start = block.querySelector(STARTS) && !block.querySelector("[data-testid=stColumn]");
    if (!panels.length || fold || afterFold || start) panels.push({ blocks: [], fold, name: null });
    const panel = panels.at(-1);
    panel.blocks.push(block);
    panel.name ??= nameOf(block, fold);
    afterFold = fold !== null;
  }
  return panels;
}

function foldOf(block) {
  const fold = block.querySelector(FOLD);
  return fold && !block.querySelector("[data-testid=stColumn] [data-testid=stExpander]") ? fold : null;
}

function nameOf(block, fold) {
  const named = fold ? fold.querySelector("summary [data-testid=stMarkdownContainer]") : block.querySelector("h1, h2, h3, strong");
  const name = (named ?? block).textContent.trim().replace(/\.$/, "");
  return (name.length > 60 ? `${name.slice(0, 60)}…` : name) || null;
}

// The panel in sight may have moved, as panels came before it.
function placeOf(panels, { at, name }) {
  if (name === null || panels[at]?.name === name) return Math.min(at, panels.length - 1);
  const same = panels.findIndex((panel) => panel.name === name);
  return same < 0 ? Math.min(at, panels.length - 1) : same;
}

function mark(block, inSight) {
  const state = inSight ? "here" : "away";
  if (block.dataset.panel !== state) block.dataset.panel = state;
}

// A presenter's remote has these two keys alone: they go through a panel that is higher than the screen first.
function scrolled(main, step) {
  const before = main.scrollTop;
  main.scrollTop += step * 0.8 * main.clientHeight;
  return Math.abs(main.scrollTop - before) > 8;
}
