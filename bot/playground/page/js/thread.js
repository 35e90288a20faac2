// The right pane: a message and its replies.
import { Composer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { acceptDrops } from "./drop.js";
import { plural } from "./format.js";
import { icon } from "./icons.js";
import { loadReplies } from "./loading.js";
import { MessageList } from "./message_list.js";
import { go, isNarrow } from "./routes.js";
import { statusLine } from "./status.js";
import { channelName, listen, store, threadKey } from "./store.js";

export function startThread() {
  const pane = byId("thread");
  const list = new MessageList({ label: "Thread", inThread: true });
  const composer = new Composer({ id: "composer-thread", commands: false, onSent: () => list.scrollToEnd() });
  const status = statusLine();
  const head = h("div", { class: "pane-head" });
  const talk = h("div", { class: "talk" }, list.element, status.element, composer.element);
  pane.append(head, talk);
  acceptDrops(talk, composer, () => "Add to the thread");
  let shown = "";

  const close = () => go(store.location.channel);
  const drawHead = () => {
    const channel = store.channels.get(store.location.channel ?? "");
    const name = channel ? `${channel.kind === "im" ? "" : "#"}${channelName(channel)}` : "";
    fill(head, h(
      "header", { class: "pane-header" },
      h("a", { class: "icon-button back", href: `#/${channel?.id ?? ""}`, "aria-label": "Back to the channel" }, icon("back")),
      h("div", { class: "pane-title" }, h("h2", null, "Thread"), h("p", { class: "topic" }, name)),
      h("button", { class: "icon-button close-pane", type: "button", "aria-label": "Close thread", on: { click: close } }, icon("close"))));
  };
  const drawMessages = () => {
    const { channel, thread } = store.location;
    if (!channel || !thread) return;
    const parent = store.messages.get(channel)?.get(thread);
    const replies = store.replies.get(threadKey(channel, thread));
    const messages = new Map(replies ?? (parent ? [[thread, parent]] : []));
    list.show(messages.values());
    const count = [...messages.keys()].filter((ts) => ts !== thread).length;
    divide(list.items, thread, count);
    status.show(channel, thread);
  };
  const move = () => {
    const { channel, thread } = store.location;
    pane.hidden = !thread;
    const key = thread ? threadKey(channel ?? "", thread) : "";
    if (key === shown) return;
    shown = key;
    if (!channel || !thread) return;
    list.reset(channel, null);
    composer.aim({ channel, thread }, "Reply…");
    drawHead();
    drawMessages();
    void loadReplies(channel, thread);
    if (!isNarrow()) composer.focus();
  };
  pane.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("[popover]:popover-open")) return;
    close();
  });
  listen("location", move);
  listen("messages", drawMessages);
  listen("status", drawMessages);
}

/** The line "3 replies" under the parent. @param {HTMLElement} items @param {string} parent @param {number} count */
function divide(items, parent, count) {
  items.querySelector(".reply-count")?.remove();
  const first = items.querySelector(`[data-ts="${CSS.escape(parent)}"]`);
  if (count) first?.after(h("div", { class: "reply-count" }, h("span", null, plural(count, "reply", "replies"))));
}
