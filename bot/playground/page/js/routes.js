// Where one is, kept in the address: #/C1, #/C1/TS for a thread, #/C1/home for App Home, #/ for the list on a phone.
import { announce, botChannel, store } from "./store.js";

const NARROW = "(max-width: 767px)";

/** @returns {boolean} */
export function isNarrow() {
  return window.matchMedia(NARROW).matches;
}

/** @param {string|null} channel @param {string|null} [rest] a thread's ts, or "home" */
export function go(channel, rest = null) {
  location.hash = `#/${[channel, rest].filter(Boolean).join("/")}`;
}

/** The channel one starts in: the first that has both the person and the bot. @returns {string|null} */
function firstChannel() {
  const channels = [...store.channels.values()];
  const best = channels.find((channel) => channel.kind === "channel" && channel.is_member && channel.bot_is_member);
  return (best ?? channels[0])?.id ?? null;
}

function read() {
  const [channel, rest] = location.hash.replace(/^#\/?/, "").split("/");
  const known = channel && store.channels.has(channel) ? channel : null;
  if (!known && !(isNarrow() && location.hash === "#/")) {
    const first = firstChannel();
    if (first) history.replaceState(null, "", `#/${first}`);
    store.location = { channel: first, thread: null, home: false };
  } else {
    const home = rest === "home" && known === botChannel()?.id;
    store.location = { channel: known, thread: rest && !home ? rest : null, home };
  }
  announce("location");
}

/** What Slack's link to a message means here, as `[channel, thread]`; null for any other address. @param {URL} address */
function linked(address) {
  const found = address.origin === location.origin ? /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(address.pathname) : null;
  if (!found) return null;
  return [found[1] ?? null, address.searchParams.get("thread_ts") ?? `${found[2]}.${found[3]}`];
}

/** Opens a link to a message where one is, as Slack does. @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const place = link && !event.metaKey && !event.ctrlKey ? linked(new URL(link.href, location.href)) : null;
  if (!place) return;
  event.preventDefault();
  go(place[0] ?? null, place[1] ?? null);
}

/** Follows the address from now on. */
export function startRoutes() {
  const opened = linked(new URL(location.href));
  if (opened) history.replaceState(null, "", `/#/${opened.join("/")}`);
  document.addEventListener("click", follow);
  window.addEventListener("hashchange", read);
  read();
}
