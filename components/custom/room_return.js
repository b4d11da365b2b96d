// When the connection is back, ask for a run: Streamlit 1.67 does so only for a page on which something was running, and
// one that rests would hear nothing of its room any more, least of all from another server.
export default function ({ setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  const state = "data-test-connection-state";
  const watching = new MutationObserver(() => {
    if (app.getAttribute(state) === "CONNECTED") setTriggerValue("back", true);
  });
  watching.observe(app, { attributeFilter: [state] });
  return () => watching.disconnect();
}
