// One rule for all controls: a setting replaces the entry in the browser's history, a page makes one. Streamlit 1.67
// makes an entry for each setting that the server writes into the address, and on the way to another page one more,
// from which the settings of the page that is left have been taken.
// And on a narrow screen, where the menu lies over the page, a choice from it closes it.
const PAGE_LINK = "[data-testid=stSidebarNavLink], [data-testid=stPageLink-NavLink]";

export default function () {
  if (window.labFollowsNavigation) return; // once per tab: what is set up here outlives this drawing
  window.labFollowsNavigation = true;
  let left = null; // the address of the page that is being left, as it was when a link to a page was clicked

  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest?.(PAGE_LINK)) left = location.href;
    },
    true, // before Streamlit's own listener
  );

  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const same = new URL(url, location.href).pathname === location.pathname;
    if (!same && left !== null) history.replaceState(state, title, left);
    if (!same) left = null;
    return (same ? history.replaceState : push).call(history, state, title, url);
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-testid=stSidebar]")?.contains(event.target.closest(PAGE_LINK))) return;
    // Streamlit closes the menu on a narrow screen when the page beside it is pressed, and after a choice on phones
    // that say they are phones.
    document.querySelector("[data-testid=stMain]")?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  });
}
