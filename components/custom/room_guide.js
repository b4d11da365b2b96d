// Goes there as Back would: then Streamlit takes every setting from the address, and the usual value where it has none,
// on the same page too. The tab remembers where it was led to last, also when it is loaded anew.
const LED = "labRoomMove";

export default function ({ data }) {
  if (!data.move || sessionStorage.getItem(LED) === data.move) return;
  sessionStorage.setItem(LED, data.move);
  const target = new URL(data.address || ".", location.href.split(/[?#]/)[0]);
  if (target.href === location.href) return;
  history.pushState(null, "", target.href);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}
