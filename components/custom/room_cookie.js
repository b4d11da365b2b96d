// The cookie is sent with the connection that a page opens when it is loaded anew, to any server of this host.
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const value = encodeURIComponent(data.value);
  document.cookie = `${data.name}=${value}; Max-Age=${data.seconds}; Path=/; SameSite=Lax${secure}`;
}
