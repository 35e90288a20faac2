// The middle pane: a channel or direct message, or App Home.
/** @import {Channel} from "./types.js" */
import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { Composer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { acceptDrops } from "./drop.js";
import { startHome } from "./home.js";
import { icon } from "./icons.js";
import { loadHistory } from "./loading.js";
import { MessageList } from "./message_list.js";
import { isNarrow } from "./routes.js";
import { statusLine } from "./status.js";
import { channelName, isBotChannel, listen, store } from "./store.js";
import { attempt } from "./toasts.js";

/** @param {Channel} channel @returns {Node} */
function sign(channel) {
  if (channel.kind === "im") return avatar(store.people.get(channel.person ?? ""), "avatar-small");
  return icon(channel.private ? "lock" : "hash");
}

/** @param {Channel} channel @returns {string} */
function placeholder(channel) {
  return `Message ${channel.kind === "im" ? "" : "#"}${channelName(channel)}`;
}

/** @param {Channel} channel @returns {HTMLElement} */
function header(channel) {
  const tab = (/** @type {string} */ label, /** @type {string} */ href, /** @type {boolean} */ current) =>
    h("a", { class: "tab", href, "aria-current": current ? "page" : null }, label);
  const tabs = isBotChannel(channel) ? h("nav", { class: "tabs", "aria-label": "App" },
    tab("Home", `#/${channel.id}/home`, store.location.home), tab("Messages", `#/${channel.id}`, !store.location.home)) : null;
  return h(
    "header", { class: "pane-header" },
    h("a", { class: "icon-button back", href: "#/", "aria-label": "Back to the list" }, icon("back")),
    h("div", { class: "pane-title" }, h("h1", null, sign(channel), h("span", null, channelName(channel))), channel.topic ? h("p", { class: "topic", title: channel.topic }, channel.topic) : null),
    tabs,
    !channel.bot_is_member && channel.kind === "channel" ? h("span", { class: "note" }, `${store.app.name} is not in this channel`) : null,
  );
}

/** @param {Channel} channel @returns {HTMLElement} */
function intro(channel) {
  const text = channel.kind === "im"
    ? `This is the beginning of your conversation with ${channelName(channel)}.`
    : `This is the very beginning of the #${channel.name} channel.`;
  return h("div", { class: "intro" }, h("p", { class: "intro-title" }, sign(channel), channelName(channel)), h("p", { class: "muted" }, text));
}

export function startChannel() {
  const pane = byId("channel");
  const list = new MessageList({ label: "Messages", inThread: false });
  const composer = new Composer({ id: "composer-channel", commands: true, onSent: () => list.scrollToEnd() });
  const head = h("div", { class: "pane-head" });
  const prompts = h("div", { class: "prompts" });
  const home = h("div", { class: "home", hidden: true });
  const status = statusLine();
  const talk = h("div", { class: "talk" }, list.element, prompts, status.element, composer.element);
  pane.append(head, talk, home);
  startHome(home);
  acceptDrops(talk, composer, () => {
    const channel = store.channels.get(store.location.channel ?? "");
    return channel ? `Add to ${channel.kind === "im" ? "" : "#"}${channelName(channel)}` : "";
  });
  let shown = "";

  const drawHead = () => {
    const channel = store.channels.get(store.location.channel ?? "");
    fill(head, channel ? header(channel) : null);
    document.title = channel ? `${channelName(channel)} · ${store.team.name} · Playground` : "Playground";
  };
  const drawMessages = (/** @type {{channel: string}|undefined} */ detail) => {
    const channel = store.location.channel ?? "";
    if (detail && detail.channel !== channel) return;
    const messages = store.messages.get(channel);
    if (messages) list.show(messages.values());
    status.show(channel, null);
  };
  const drawPrompts = () => {
    const offer = store.prompts.get(store.location.channel ?? "");
    const press = (/** @type {string} */ message) => {
      const channel = store.location.channel ?? "";
      store.prompts.delete(channel);
      drawPrompts();
      void attempt(() => api.prompt(channel, message));
    };
    fill(prompts, offer?.prompts.length ? [
      offer.title ? h("p", null, offer.title) : null,
      ...offer.prompts.map((prompt) => h("button", { class: "prompt", type: "button", title: prompt.message, on: { click: () => press(prompt.message) } }, prompt.title)),
    ] : null);
  };
  const move = () => {
    const { channel, home: atHome } = store.location;
    document.body.dataset.place = store.location.thread ? "thread" : channel ? "channel" : "list";
    drawHead();
    talk.hidden = atHome;
    home.hidden = !atHome;
    if (!channel || atHome) return;
    if (shown !== channel) {
      shown = channel;
      const known = /** @type {Channel} */ (store.channels.get(channel));
      list.reset(channel, intro(known));
      composer.aim({ channel, thread: null }, placeholder(known));
      drawMessages(undefined);
      drawPrompts();
      void loadHistory(channel);
      if (isBotChannel(known)) void attempt(() => api.home("messages"));
    }
    if (!isNarrow() && !store.location.thread) composer.focus();
  };
  listen("location", move);
  listen("channels", drawHead);
  listen("messages", drawMessages);
  listen("status", drawMessages);
  listen("prompts", drawPrompts);
}
