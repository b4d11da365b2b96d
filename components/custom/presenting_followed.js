// Another window of this browser presents: tell which page it shows, now and whenever it turns to another.
export default function ({ data, setTriggerValue }) {
  const channel = new BroadcastChannel("presenting");
  channel.onmessage = ({ data: { page } }) => page && page !== data.page && setTriggerValue("page", page);
  channel.postMessage({ ask: true });
  return () => channel.close();
}
