// Select menus, single and multiple: static options, people, conversations and channels.
/** @import {BlockContext, Value} from "./types.js" */
import { changeValue, focusKey, startValue } from "./actions.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { plainText, textObject } from "./mrkdwn.js";
import { openPopover } from "./popover.js";
import { channelName, store } from "./store.js";

/** @typedef {{key: string, label: Node|string, search: string, description?: any, group?: string, raw: any}} Choice */

const FILTER_FROM = 7;

/** @param {any} option @param {string} [group] @returns {Choice} */
function optionChoice(option, group) {
  const text = option.text?.text ?? "";
  return { key: option.value, label: plainText(option.text), search: text.toLowerCase(), description: option.description, group, raw: option };
}

/** @param {any} element @returns {Choice[]} */
function staticChoices(element) {
  const groups = (element.option_groups ?? []).flatMap((/** @type {any} */ group) =>
    group.options.map((/** @type {any} */ option) => optionChoice(option, group.label?.text ?? "")));
  return [...(element.options ?? []).map((/** @type {any} */ option) => optionChoice(option)), ...groups];
}

/** @returns {Choice[]} */
function peopleChoices() {
  return [...store.people.values()].filter((person) => !person.is_bot).map((person) => {
    const name = person.real_name || person.name;
    return { key: person.id, label: name, search: `${name} ${person.name}`.toLowerCase(), raw: person.id };
  });
}

/** @param {boolean} direct whether direct messages are among them @returns {Choice[]} */
function channelChoices(direct) {
  const shown = [...store.channels.values()].filter((channel) => direct || channel.kind === "channel");
  return shown.map((channel) => {
    const name = channel.kind === "im" ? channelName(channel) : `# ${channelName(channel)}`;
    return { key: channel.id, label: name, search: name.toLowerCase(), raw: channel.id };
  });
}

/** Where each kind of menu takes its choices, and the names of its value. */
const SOURCES = /** @type {const} */ ({
  static: { choices: staticChoices, one: "option", many: "options" },
  external: { choices: staticChoices, one: "option", many: "options" },
  users: { choices: peopleChoices, one: "user", many: "users" },
  conversations: { choices: () => channelChoices(true), one: "conversation", many: "conversations" },
  channels: { choices: () => channelChoices(false), one: "channel", many: "channels" },
});

/** @param {any} raw an option or an ID @returns {string} */
const keyOf = (raw) => (typeof raw === "string" ? raw : (raw?.value ?? ""));

/**
 * Any of Slack's select menus.
 * @param {any} element
 * @param {BlockContext} context
 * @returns {HTMLElement}
 */
export function select(element, context) {
  const several = element.type.startsWith("multi_");
  const source = SOURCES[/** @type {keyof typeof SOURCES} */ (element.type.replace("multi_", "").replace("_select", ""))];
  const name = several ? `selected_${source.many}` : `selected_${source.one}`;
  const initial = several ? (element[`initial_${source.many}`] ?? []) : (element[`initial_${source.one}`] ?? null);
  const start = startValue(context, element, () => ({ type: element.type, [name]: initial }));
  /** @type {any[]} */
  let selected = several ? [...start[name]] : [start[name]].filter(Boolean);
  const valueId = uniqueId("select");

  /** @param {any[]} next */
  const choose = (next) => {
    selected = next;
    /** @type {Value} */
    const value = { type: element.type, [name]: several ? selected : (selected[0] ?? null) };
    draw();
    changeValue(context, element, value);
  };
  const draw = () => {
    const choices = source.choices(element);
    const labels = selected.map((raw) => choices.find((choice) => choice.key === keyOf(raw))?.search && labelOf(choices, keyOf(raw)));
    if (!selected.length) fill(value, h("span", { class: "placeholder" }, plainText(element.placeholder ?? (several ? "Select options" : "Select an item"))));
    else if (several) fill(value, labels.map((label) => h("span", { class: "chip" }, label)));
    else fill(value, labels[0] ?? keyOf(selected[0]));
  };
  const open = () => {
    const list = new OptionList({ choices: source.choices(element), selected: new Set(selected.map(keyOf)), several, max: element.max_selected_items, label: context.label });
    const popover = openPopover(control, list.element, { sameWidth: true, class: "popover-list" });
    list.onChoose = (/** @type {Choice} */ choice, /** @type {Set<string>} */ keys) => {
      const byKey = new Map(list.choices.map((item) => [item.key, item.raw]));
      choose(several ? [...keys].map((key) => byKey.get(key)) : [choice.raw]);
      if (!several) popover.close();
    };
    list.focus();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  };
  const value = h("span", { class: "select-value", id: valueId });
  const control = h(
    "button",
    {
      class: "field select", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": context.label,
      "aria-describedby": [valueId, context.describedBy].filter(Boolean).join(" "), data: focusKey(context, element),
      autofocus: element.focus_on_load === true, on: { click: open, keydown: key },
    },
    value, icon("chevron"),
  );
  draw();
  return control;
}

/** @param {Choice[]} choices @param {string} key @returns {Node|string} */
function labelOf(choices, key) {
  const label = choices.find((choice) => choice.key === key)?.label ?? key;
  return label instanceof Node ? label.cloneNode(true) : label;
}

/** The open list: a filter when it is long, and options that the arrow keys walk. */
class OptionList {
  /** @param {{choices: Choice[], selected: Set<string>, several: boolean, max?: number, label: string}} options */
  constructor(options) {
    this.choices = options.choices;
    this.selected = options.selected;
    this.several = options.several;
    this.max = options.max ?? Infinity;
    this.active = Math.max(0, this.choices.findIndex((choice) => this.selected.has(choice.key)));
    this.shown = this.choices;
    /** @type {(choice: Choice, keys: Set<string>) => void} */
    this.onChoose = () => undefined;
    const listId = uniqueId("options");
    const keys = { keydown: (/** @type {KeyboardEvent} */ event) => this.key(event) };
    this.list = h("div", { class: "options", role: "listbox", id: listId, tabindex: "-1", "aria-label": options.label, "aria-multiselectable": this.several ? "true" : null, on: keys });
    this.filter = this.choices.length >= FILTER_FROM
      ? h("input", { class: "field filter", type: "text", placeholder: "Search", "aria-label": "Search options", role: "combobox", "aria-controls": listId, "aria-expanded": "true", on: { input: () => this.narrow(), ...keys } })
      : null;
    this.element = h("div", { class: "option-list" }, this.filter, this.list);
    this.draw();
  }

  focus() {
    (this.filter ?? this.list).focus();
    this.point();
  }

  narrow() {
    const wanted = this.filter?.value.trim().toLowerCase() ?? "";
    this.shown = this.choices.filter((choice) => choice.search.includes(wanted));
    this.active = 0;
    this.draw();
    this.point();
  }

  draw() {
    let group = "";
    const rows = this.shown.flatMap((choice, index) => {
      const chosen = this.selected.has(choice.key);
      const row = h(
        "div",
        { class: "option", role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(chosen), on: { click: () => this.choose(index), mousemove: () => this.moveTo(index) } },
        h("span", { class: "option-text" }, labelOf([choice], choice.key), choice.description ? h("span", { class: "option-description" }, textObject(choice.description)) : null),
        chosen ? icon("check") : null,
      );
      const heading = choice.group && choice.group !== group ? [h("p", { class: "menu-group", role: "presentation" }, choice.group)] : [];
      group = choice.group ?? group;
      return [...heading, row];
    });
    fill(this.list, rows.length ? rows : h("p", { class: "option-none" }, "No results"));
  }

  /** @param {number} index */
  moveTo(index) {
    if (index === this.active) return;
    this.active = index;
    this.point();
  }

  point() {
    this.list.querySelectorAll(".option").forEach((row, index) => row.classList.toggle("active", index === this.active));
    const id = this.shown.length ? `${this.list.id}-${this.active}` : "";
    (this.filter ?? this.list).setAttribute("aria-activedescendant", id);
    document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.shown.length - 1;
    const target = { ArrowDown: Math.min(last, this.active + 1), ArrowUp: Math.max(0, this.active - 1), Home: 0, End: last }[event.key];
    const chooses = event.key === "Enter" || (event.key === " " && !this.filter);
    if (target === undefined && !chooses) return;
    event.preventDefault();
    if (target !== undefined) this.moveTo(target);
    else this.choose(this.active);
  }

  /** @param {number} index */
  choose(index) {
    const choice = this.shown[index];
    if (!choice) return;
    if (!this.several) this.selected = new Set([choice.key]);
    else if (!this.selected.delete(choice.key)) {
      if (this.selected.size >= this.max) return;
      this.selected.add(choice.key);
    }
    this.draw();
    this.point();
    this.onChoose(choice, this.selected);
  }
}
