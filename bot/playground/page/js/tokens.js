// The small things inside a line of text: mentions, channels, dates, links. Shared by mrkdwn, markdown and rich text.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { formatDateToken, fullTime } from "./format.js";
import { personName, store } from "./store.js";

/** Slack escapes exactly these three. @param {string} text @returns {string} */
export function decodeEntities(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** @param {string} text @returns {string} */
export function encodeEntities(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** An address that may be opened; anything but http, https and mailto is refused. @param {string} address @returns {string|null} */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} address @param {...(Node|string)} label @returns {Node} */
export function link(address, ...label) {
  const href = safeAddress(address);
  if (!href) return h("span", null, ...label);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** @param {string} id @returns {Node} */
export function userMention(id) {
  return h("span", { class: id === store.me ? "mention mention-me" : "mention" }, `@${personName(id)}`);
}

/** @param {string} id @param {string} [label] @returns {Node} */
export function channelMention(id, label) {
  const channel = store.channels.get(id);
  const name = channel?.name ?? label;
  if (!channel) return h("span", { class: "mention" }, `#${name || "private-channel"}`);
  return h("a", { class: "mention", href: `#/${id}` }, `#${name}`);
}

/** @param {string} range here, channel or everyone @returns {Node} */
export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** @param {number} seconds @param {string} pattern @param {string} [fallback] @param {string} [address] @returns {Node} */
export function dateToken(seconds, pattern, fallback, address) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(fallback ?? pattern);
  const text = h("time", { datetime: date.toISOString(), title: fullTime(date) }, formatDateToken(date, pattern));
  return address ? link(address, text) : text;
}

/** @param {string} name @returns {Node} */
export function emojiToken(name) {
  return emoji(name) ?? document.createTextNode(`:${name}:`);
}

/**
 * What stands between `<` and `>` in Slack's text.
 * @param {string} inside still escaped
 * @returns {Node}
 */
export function angleToken(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : decodeEntities(inside.slice(bar + 1));
  if (/^@[UWB]/.test(target)) return userMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    return dateToken(Number(seconds), decodeEntities(pattern ?? ""), label, address);
  }
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label ?? "@group");
  const address = decodeEntities(target);
  if (safeAddress(address)) return link(address, label ?? address.replace(/^mailto:/, ""));
  return document.createTextNode(decodeEntities(`<${inside}>`));
}
