// One message: author, time, text or blocks, files, reactions, thread summary, toolbar.
/** @import {Message} from "./types.js" */
import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { blocksNode } from "./blocks.js";
import { h } from "./dom.js";
import { ago, clockTime, dateOf, fullTime, plural } from "./format.js";
import { fileCard } from "./files.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { go } from "./routes.js";
import { authorOf, personName, store, threadKey } from "./store.js";
import { attempt, toast } from "./toasts.js";
import { decodeEntities, emojiToken } from "./tokens.js";

/** Subtypes that Slack shows as one grey line. */
const SYSTEM = new Set(["channel_join", "channel_leave", "group_join", "channel_topic", "channel_purpose", "tombstone"]);

/** The reactions that the toolbar offers. */
const PALETTE = ["white_check_mark", "eyes", "+1", "-1", "heart", "hourglass", "warning", "x"];

/** @typedef {{channel: string, compact: boolean, inThread: boolean}} Placing */

/** @param {Message} message @param {Placing} placing @returns {Node} */
function content(message, placing) {
  const body = h("div", { class: "message-content" });
  const blocks = blocksToShow(message);
  if (blocks) body.append(blocksNode(blocks, { kind: "message", channel: placing.channel, ts: message.ts }));
  else if (message.streaming) body.append(h("div", { class: "text markdown" }, markdown(message.text)));
  else if (message.text) body.append(h("div", { class: "text" }, mrkdwn(message.text)));
  if (message.edited) body.append(h("span", { class: "edited", title: fullTime(dateOf(message.edited.ts)) }, "(edited)"));
  for (const attachment of message.attachments ?? []) body.append(attachmentNode(attachment, message, placing));
  return body;
}

/**
 * A person's text is shown from its mrkdwn: the rich text that comes with it says the same with less.
 * @param {Message} message
 * @returns {any[]|null}
 */
function blocksToShow(message) {
  if (!message.blocks?.length) return null;
  const typed = !message.bot_id && message.text && message.blocks.every((block) => block.type === "rich_text");
  return typed ? null : message.blocks;
}

/** @param {any} attachment @param {Message} message @param {Placing} placing @returns {Node} */
function attachmentNode(attachment, message, placing) {
  const inner = h("div", { class: "attachment" });
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")) inner.style.borderLeftColor = `#${attachment.color.replace("#", "")}`;
  if (attachment.title) inner.append(h("b", null, mrkdwn(attachment.title)));
  if (attachment.blocks) inner.append(blocksNode(attachment.blocks, { kind: "message", channel: placing.channel, ts: message.ts }));
  else inner.append(h("div", { class: "text" }, mrkdwn(attachment.text ?? attachment.fallback ?? "")));
  return inner;
}

/** @param {Message} message @param {Placing} placing @returns {Node|null} */
function reactions(message, placing) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const names = reaction.users.map(personName).join(", ");
    const label = `${names} reacted with ${reaction.name.replaceAll("_", " ")}`;
    return h(
      "button",
      { class: "reaction", type: "button", title: label, "aria-label": label, "aria-pressed": String(reaction.users.includes(store.me)), data: { focusKey: `reaction-${message.ts}-${reaction.name}` }, on: { click: () => react(message, placing, reaction.name) } },
      emojiToken(reaction.name), h("span", null, String(reaction.users.length)));
  }));
}

/** @param {Message} message @param {Placing} placing @param {string} name */
function react(message, placing, name) {
  void attempt(() => api.react(placing.channel, message.ts, name));
}

/** @param {Message} message @param {Placing} placing @param {HTMLElement} anchor */
function choosePalette(message, placing, anchor) {
  openMenu(anchor, PALETTE.map((name) => ({ label: emojiToken(name), name: name.replaceAll("_", " "), run: () => react(message, placing, name) })), { align: "end", label: "Add a reaction", class: "palette" });
}

/** @param {Message} message @param {Placing} placing @returns {Node|null} */
function threadSummary(message, placing) {
  if (placing.inThread) return null;
  const status = store.statuses.get(threadKey(placing.channel, message.ts));
  const count = message.reply_count ?? 0;
  if (!count && !status) return null;
  const people = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(store.people.get(id), "avatar-small"));
  const last = message.latest_reply ? `Last reply ${ago(dateOf(message.latest_reply))}` : "";
  return h(
    "a", { class: "thread-summary", href: `#/${placing.channel}/${message.ts}`, data: { focusKey: `thread-${message.ts}` } },
    people,
    count ? h("b", null, plural(count, "reply", "replies")) : null,
    h("span", { class: "muted" }, status ? `${store.app.name} ${status.status}` : last),
  );
}

/** @param {Message} message @param {Placing} placing @param {HTMLElement} anchor */
function moreActions(message, placing, anchor) {
  const { channel } = placing;
  const shortcuts = message.ephemeral ? [] : store.shortcuts.filter((shortcut) => shortcut.type === "message");
  const copy = (/** @type {string} */ text, /** @type {string} */ what) => void navigator.clipboard.writeText(text).then(() => toast(`${what} copied`), () => toast("The browser did not allow copying.", "error"));
  const start = placing.inThread || message.ephemeral ? [] : [{ label: "Reply in thread", run: () => go(channel, message.thread_ts ?? message.ts) }];
  openMenu(anchor, [
    ...start,
    { label: "Copy text", run: () => copy(decodeEntities(message.text), "Text") },
    { label: "Copy message ID", description: message.ts, run: () => copy(message.ts, "ID") },
    ...shortcuts.map((shortcut) => ({
      label: shortcut.name, description: store.app.name, group: "Apps",
      run: () => void attempt(() => api.shortcut(shortcut.callback_id, { channel, message_ts: message.ts })),
    })),
  ], { align: "end", label: "More actions" });
}

/** @param {Message} message @param {Placing} placing @returns {Node} */
function toolbar(message, placing) {
  const more = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false", data: { focusKey: `more-${message.ts}` }, on: { click: () => moreActions(message, placing, more) } },
    icon("more"),
  );
  const reply = placing.inThread || message.ephemeral ? null : h(
    "a", { class: "icon-button", href: `#/${placing.channel}/${message.ts}`, "aria-label": "Reply in thread", title: "Reply in thread" }, icon("reply"));
  const add = message.ephemeral ? null : h(
    "button",
    { class: "icon-button add-reaction", type: "button", "aria-label": "Add a reaction", title: "Add a reaction", "aria-haspopup": "menu", "aria-expanded": "false", data: { focusKey: `add-${message.ts}` }, on: { click: (/** @type {any} */ event) => choosePalette(message, placing, event.currentTarget) } },
    icon("smile"),
  );
  return h("div", { class: "toolbar" }, add, reply, more);
}

/** @param {Message} message @param {Placing} placing @returns {Node} */
function heading(message, placing) {
  const person = store.people.get(authorOf(message));
  const date = dateOf(message.ts);
  return h(
    "div", { class: placing.compact ? "visually-hidden" : "message-head" },
    h("b", { class: "author" }, message.username || personName(authorOf(message))),
    message.bot_id || person?.is_bot ? h("span", { class: "badge" }, "APP") : null,
    message.pinned_to?.length ? h("span", { class: "badge" }, "PINNED") : null,
    h("time", { class: "time", datetime: date.toISOString(), title: fullTime(date) }, clockTime(date)),
  );
}

/** @param {Message} message @returns {HTMLElement} */
function systemMessage(message) {
  const date = dateOf(message.ts);
  const text = message.subtype === "tombstone" ? "This message was deleted." : message.text;
  return h(
    "article", { class: "message message-system", data: { ts: message.ts } },
    h("span", { class: "gutter" }, h("time", { datetime: date.toISOString(), title: fullTime(date) }, clockTime(date).replace(/ [AP]M/, ""))),
    h("div", { class: "message-body text muted" }, mrkdwn(text)),
  );
}

/**
 * @param {Message} message
 * @param {Placing} placing
 * @returns {HTMLElement}
 */
export function messageNode(message, placing) {
  if (SYSTEM.has(message.subtype ?? "")) return systemMessage(message);
  const date = dateOf(message.ts);
  const classes = ["message", placing.compact && "compact", message.ephemeral && "ephemeral", message.streaming && "streaming"];
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), data: { ts: message.ts }, "aria-busy": message.streaming ? "true" : null, "aria-label": `${personName(authorOf(message))}, ${clockTime(date)}` },
    message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
    h("span", { class: "gutter" }, placing.compact ? h("time", { "aria-hidden": "true", title: fullTime(date) }, clockTime(date).replace(/ [AP]M/, "")) : avatar(store.people.get(authorOf(message)))),
    h(
      "div", { class: "message-body" },
      heading(message, placing),
      content(message, placing),
      message.files?.length ? h("div", { class: "files" }, message.files.map(fileCard)) : null,
      reactions(message, placing),
      threadSummary(message, placing),
    ),
    toolbar(message, placing),
  );
}
