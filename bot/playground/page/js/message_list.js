// A scrolling list of messages that is brought up to date in place, so that nothing else moves or loses its focus.
/** @import {Message} from "./types.js" */
import { fill, h, replaceKeepingFocus } from "./dom.js";
import { dateOf, dayLabel } from "./format.js";
import { messageNode } from "./messages.js";
import { authorOf, store, threadKey } from "./store.js";

/** Messages of one author within this many seconds share a heading. */
const TOGETHER = 300;
const NEAR_END = 80;

/** @typedef {{message: Message, compact: boolean, status: string, element: HTMLElement}} Row */

/** Whether a message is more than text: such messages stand apart, each with its own heading. @param {Message} message */
function isCard(message) {
  return Boolean(message.bot_id) && (message.blocks ?? []).some((block) => block.type !== "markdown" && block.type !== "rich_text");
}

export class MessageList {
  /** @param {{label: string, inThread: boolean}} options */
  constructor(options) {
    this.inThread = options.inThread;
    this.items = h("div", { class: "message-items", role: "log", "aria-label": options.label, "aria-live": "polite" });
    this.element = h("div", { class: "message-list", tabindex: "0", "aria-label": options.label, role: "group" }, this.items);
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.channel = "";
    this.atEnd = true;
    this.element.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.element;
      this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    }, { passive: true });
    new ResizeObserver(() => this.stay()).observe(this.items);
    new ResizeObserver(() => this.stay()).observe(this.element);
  }

  /** Keeps the end in sight when it was, also when an image arrives or the composer grows. */
  stay() {
    if (this.atEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  scrollToEnd() {
    this.atEnd = true;
    this.stay();
  }

  /** Starts over, for another channel or thread. @param {string} channel @param {Node|null} intro shown above the first message */
  reset(channel, intro) {
    this.rows.clear();
    this.channel = channel;
    fill(this.items, intro);
    this.scrollToEnd();
  }

  /** @param {Iterable<Message>} messages */
  show(messages) {
    const sorted = [...messages].sort((one, other) => Number(one.ts) - Number(other.ts));
    const shown = new Set(sorted.map((message) => message.ts));
    for (const [ts, row] of this.rows) if (!shown.has(ts)) this.forget(ts, row);
    this.items.querySelectorAll(".day").forEach((day) => day.remove());
    /** @type {Message|undefined} */
    let previous;
    /** @type {Element|null} */
    let place = this.items.querySelector(".intro");
    for (const message of sorted) {
      const day = dayLabel(dateOf(message.ts));
      if (!this.inThread && (!previous || dayLabel(dateOf(previous.ts)) !== day)) place = this.put(h("div", { class: "day", role: "separator", "aria-label": day }, h("span", null, day)), place);
      place = this.put(this.row(message, previous), place);
      previous = message;
    }
    this.stay();
  }

  /** @param {string} ts @param {Row} row */
  forget(ts, row) {
    row.element.remove();
    this.rows.delete(ts);
  }

  /** Puts an element after `place` unless it is there already. @param {Element} element @param {Element|null} place @returns {Element} */
  put(element, place) {
    const next = place ? place.nextElementSibling : this.items.firstElementChild;
    if (next !== element) this.items.insertBefore(element, next);
    return element;
  }

  /** The message's element: the one there is when nothing about it changed. @param {Message} message @param {Message|undefined} previous */
  row(message, previous) {
    const compact = this.isCompact(message, previous);
    const status = store.statuses.get(threadKey(this.channel, message.ts))?.status ?? "";
    const known = this.rows.get(message.ts);
    if (known && known.message === message && known.compact === compact && known.status === status) return known.element;
    const element = messageNode(message, { channel: this.channel, compact, inThread: this.inThread });
    if (known) replaceKeepingFocus(known.element, element);
    this.rows.set(message.ts, { message, compact, status, element });
    return element;
  }

  /** @param {Message} message @param {Message|undefined} previous @returns {boolean} */
  isCompact(message, previous) {
    if (!previous || message.ephemeral || previous.ephemeral || previous.subtype === "tombstone") return false;
    if (isCard(message) || isCard(previous)) return false;
    if (this.inThread && previous.ts === message.thread_ts) return false;
    const sameDay = dayLabel(dateOf(previous.ts)) === dayLabel(dateOf(message.ts));
    const near = Number(message.ts) - Number(previous.ts) < TOGETHER;
    return sameDay && near && authorOf(previous) === authorOf(message) && previous.username === message.username && !previous.reply_count;
  }
}
