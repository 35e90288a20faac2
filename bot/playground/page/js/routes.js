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

/** Follows the address from now on. */
export function startRoutes() {
  window.addEventListener("hashchange", read);
  read();
}
