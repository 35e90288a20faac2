// Channels, direct messages and the app.
/** @import {Channel, Person} from "./types.js" */
import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { go } from "./routes.js";
import { channelName, isBotChannel, listen, store } from "./store.js";
import { attempt } from "./toasts.js";

/** @param {Channel} channel @param {Node} sign @returns {HTMLElement} */
function entry(channel, sign) {
  const current = store.location.channel === channel.id;
  const unread = Number(channel.unread) > 0 && !current;
  const count = typeof channel.unread === "number" && channel.kind === "im" ? h("span", { class: "count", "aria-hidden": "true" }, String(channel.unread)) : null;
  return h("li", null, h(
    "a", { class: unread ? "entry unread" : "entry", href: `#/${channel.id}`, "aria-current": current ? "page" : null },
    sign, h("span", { class: "entry-name" }, channelName(channel)),
    unread ? h("span", { class: "visually-hidden" }, ", unread") : null, unread ? count : null,
  ));
}

/** Somebody with whom there is no conversation yet. @param {Person} person @returns {HTMLElement} */
function newConversation(person) {
  const open = async () => {
    const answer = await attempt(() => api.dm(person.id));
    if (!answer) return;
    const channel = typeof answer.channel === "string" ? answer.channel : answer.channel.id;
    if (typeof answer.channel !== "string" && !store.channels.has(channel)) store.channels.set(channel, answer.channel);
    go(channel);
  };
  return h("li", null, h("button", { class: "entry faint", type: "button", on: { click: () => void open() } }, avatar(person, "avatar-small"), h("span", { class: "entry-name" }, person.real_name || person.name)));
}

/** @param {string} title @param {Node[]} entries @returns {Node|null} */
function group(title, entries) {
  return entries.length ? h("section", { "aria-label": title }, h("h2", null, title), h("ul", null, entries)) : null;
}

function draw() {
  const channels = [...store.channels.values()];
  const direct = channels.filter((channel) => channel.kind === "im" && !isBotChannel(channel));
  const known = new Set(direct.map((channel) => channel.person));
  const others = [...store.people.values()].filter((person) => !person.is_bot && person.id !== store.me && !known.has(person.id));
  fill(
    byId("sidebar"),
    h("div", { class: "sidebar-groups" },
      group("Channels", channels.filter((channel) => channel.kind === "channel").map((channel) => entry(channel, icon(channel.private ? "lock" : "hash")))),
      group("Direct messages", [
        ...direct.map((channel) => entry(channel, avatar(store.people.get(channel.person ?? ""), "avatar-small"))),
        ...others.map(newConversation),
      ]),
      group("Apps", channels.filter(isBotChannel).map((channel) => entry(channel, avatar(store.people.get(channel.person ?? ""), "avatar-small"))))),
  );
}

export function startSidebar() {
  listen("channels", draw);
  listen("location", draw);
  draw();
}
