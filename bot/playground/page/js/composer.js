// The box in which one writes: completion, files, Enter sends, Shift+Enter starts a new line.
import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { offerFor, withMentions } from "./completion.js";
import { fill, h, uniqueId } from "./dom.js";
import { fileSize } from "./format.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { attempt } from "./toasts.js";

/** @import {Suggestion} from "./completion.js" */
/** @typedef {{channel: string, thread: string|null}} Target */

const TALLEST = 240;

export class Composer {
  /** @param {{id: string, commands: boolean, onSent: () => void}} options commands: false in a thread, where Slack has none */
  constructor(options) {
    this.onSent = options.onSent;
    this.commands = options.commands;
    /** @type {Target|null} */
    this.target = null;
    /** What was begun elsewhere and not sent. @type {Map<string, {text: string, files: File[]}>} */
    this.drafts = new Map();
    /** @type {File[]} */
    this.files = [];
    this.active = -1;
    /** @type {Suggestion[]} */
    this.items = [];
    this.sending = false;
    this.listId = uniqueId("suggestions");
    this.build(options.id);
  }

  /** @param {string} id */
  build(id) {
    this.field = h("textarea", {
      id, class: "composer-field", rows: 1, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.listId,
      autocomplete: "off", enterkeyhint: "send",
      on: { input: () => this.changed(), keydown: (/** @type {KeyboardEvent} */ event) => this.key(event), blur: () => this.offerNothing(), click: () => this.suggest(), paste: (/** @type {ClipboardEvent} */ event) => this.paste(event) },
    });
    this.list = h("div", { class: "suggestions", role: "listbox", id: this.listId, "aria-label": "Suggestions", hidden: true });
    this.chips = h("ul", { class: "file-chips", "aria-label": "Attached files" });
    this.picker = h("input", { class: "visually-hidden", type: "file", multiple: true, tabindex: "-1", "aria-label": "Files to upload", on: { change: () => this.picked() } });
    this.button = h("button", { class: "send", type: "button", "aria-label": "Send", title: "Send", disabled: true, on: { click: () => void this.send() } }, icon("send"));
    const tool = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ run) =>
      h("button", { class: "icon-button", type: "button", "aria-label": label, title: label, on: { click: run } }, icon(sign));
    this.element = h(
      "div", { class: "composer" }, this.list,
      h("div", { class: "composer-box" }, this.field, this.chips,
        h("div", { class: "composer-tools" },
          tool("Attach a file", "attach", () => this.picker?.click()),
          tool("Mention somebody", "mention", () => this.insert("@")),
          this.commands ? tool("Run a command", "slash", () => this.insert("/")) : null,
          h("span", { class: "composer-hint", "aria-hidden": "true" }, h("b", null, "Shift + Enter"), " for a new line"),
          this.button, this.picker)),
    );
  }

  /** @returns {HTMLTextAreaElement} */
  get input() {
    return /** @type {HTMLTextAreaElement} */ (this.field);
  }

  /** Points the box at a channel or thread; what was begun there comes back. @param {Target} target @param {string} placeholder */
  aim(target, placeholder) {
    if (this.target) this.drafts.set(keyOf(this.target), { text: this.input.value, files: this.files });
    this.target = target;
    const draft = this.drafts.get(keyOf(target));
    this.input.value = draft?.text ?? "";
    this.files = draft?.files ?? [];
    this.input.placeholder = placeholder;
    this.input.setAttribute("aria-label", placeholder);
    this.drawFiles();
    this.changed(false);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** @param {string} text put at the caret; a slash goes to the front */
  insert(text) {
    if (text === "/") this.input.value = this.input.value.startsWith("/") ? this.input.value : `/${this.input.value}`;
    else this.input.setRangeText(/(^|\s)$/.test(this.before()) ? text : ` ${text}`, this.input.selectionStart, this.input.selectionEnd, "end");
    this.focus();
    if (text === "/") this.input.setSelectionRange(1, 1);
    this.changed();
  }

  /** @param {FileList|File[]} files */
  attach(files) {
    this.files = [...this.files, ...files];
    this.drawFiles();
    this.changed(false);
    this.focus();
  }

  picked() {
    this.attach(this.picker?.files ?? []);
    if (this.picker) this.picker.value = "";
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.attach(files);
  }

  drawFiles() {
    const remove = (/** @type {File} */ file) => {
      this.files = this.files.filter((item) => item !== file);
      this.drawFiles();
      this.changed(false);
    };
    fill(/** @type {Element} */ (this.chips), this.files.map((file) => h(
      "li", { class: "file-chip" }, icon("file"), h("span", { class: "file-chip-name" }, file.name), h("span", { class: "muted" }, fileSize(file.size)),
      h("button", { class: "icon-button", type: "button", "aria-label": `Remove ${file.name}`, on: { click: () => remove(file) } }, icon("close")),
    )));
  }

  /** @returns {string} the text before the caret */
  before() {
    return this.input.value.slice(0, this.input.selectionStart);
  }

  changed(suggest = true) {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
    if (this.button) this.button.disabled = this.sending || !(this.input.value.trim() || this.files.length);
    if (suggest) this.suggest();
    else this.offerNothing();
  }

  suggest() {
    const offer = offerFor(this.before(), this.commands);
    if (!offer || !this.list) return this.offerNothing();
    this.items = offer.items;
    this.active = offer.eager ? 0 : -1;
    const rows = this.items.map((item, index) => h(
      "div", { class: "suggestion", role: "option", id: `${this.listId}-${index}`, on: { mousedown: (/** @type {Event} */ event) => this.take(index, event) } },
      item.person ? avatar(store.people.get(item.person), "avatar-small") : null,
      h("span", { class: "suggestion-title" }, item.title), h("span", { class: "suggestion-detail" }, item.detail)));
    fill(this.list, h("p", { class: "menu-group", role: "presentation" }, offer.label), offer.hint ? h("p", { class: "suggestion-hint" }, offer.hint) : rows);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.items.length > 0));
    this.point();
  }

  offerNothing() {
    this.items = [];
    this.active = -1;
    if (this.list) this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  point() {
    this.list?.querySelectorAll(".suggestion").forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) row.scrollIntoView({ block: "nearest" });
    });
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index @param {Event} [event] */
  take(index, event) {
    event?.preventDefault();
    const item = this.items[index];
    if (!item) return;
    this.input.setRangeText(item.insert, item.from, this.input.selectionStart, "end");
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    if (this.items.length && this.walk(event)) return event.preventDefault();
    if (event.key === "Escape" && this.list && !this.list.hidden) {
      event.stopPropagation();
      return this.offerNothing();
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void this.send();
  }

  /** Arrow keys, Tab and Enter in the suggestions. @param {KeyboardEvent} event @returns {boolean} whether the key was used */
  walk(event) {
    const count = this.items.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count;
      this.point();
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey) {
      this.take(Math.max(0, this.active));
      return true;
    }
    if (event.key === "Enter" && !event.shiftKey && this.active >= 0) {
      this.take(this.active);
      return true;
    }
    return false;
  }

  /** Sends; when it is refused, what was written stays. */
  async send() {
    const text = this.input.value.trim();
    const { files, target } = this;
    if (!target || this.sending || (!text && !files.length)) return;
    this.sending = true;
    this.element?.setAttribute("aria-busy", "true");
    this.changed(false);
    const wire = withMentions(text);
    const sent = await attempt(() => (files.length
      ? api.upload(files, { channel: target.channel, thread_ts: target.thread, text: wire })
      : api.message(target.channel, target.thread, wire)));
    this.sending = false;
    this.element?.removeAttribute("aria-busy");
    if (sent) this.clear(target, text);
    this.changed(false);
  }

  /** Empties the box, unless the person has gone elsewhere or written on meanwhile. @param {Target} target @param {string} text */
  clear(target, text) {
    this.drafts.delete(keyOf(target));
    this.onSent();
    if (!this.target || keyOf(this.target) !== keyOf(target)) return;
    if (this.input.value.trim() === text) this.input.value = "";
    this.files = [];
    this.drawFiles();
  }
}

/** @param {Target} target @returns {string} */
function keyOf(target) {
  return `${target.channel}/${target.thread ?? ""}`;
}
