// Elements that are typed into or ticked: text, number, date and time, checkboxes, radio buttons.
/** @import {BlockContext} from "./types.js" */
import { changeValue, focusKey, sendAction, startValue } from "./actions.js";
import { h, uniqueId } from "./dom.js";
import { plainText, textObject } from "./mrkdwn.js";

/** @typedef {(element: any, context: BlockContext) => HTMLElement} Renderer */

/** @param {any} element @param {BlockContext} context */
function common(element, context) {
  return {
    "aria-label": context.label, "aria-describedby": context.describedBy, data: focusKey(context, element),
    placeholder: element.placeholder?.text, autofocus: element.focus_on_load === true,
  };
}

/** When a typed value is sent: Slack's dispatch_action_config, which says Enter if it says nothing. @param {any} element @param {string} moment */
function sendsOn(element, moment) {
  const moments = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return moments.includes(moment);
}

/**
 * A text-like field whose value is kept at each key and sent as the block asks.
 * @param {string} type Slack's element type
 * @param {(props: any) => HTMLInputElement|HTMLTextAreaElement} make
 * @param {(element: any) => Record<string, unknown>} limits
 * @returns {Renderer}
 */
function typed(type, make, limits) {
  return (element, context) => {
    const read = () => ({ type, value: field.value === "" ? null : field.value });
    const start = startValue(context, element, () => ({ type, value: element.initial_value ?? null }));
    const send = () => void sendAction(context, { ...read(), action_id: element.action_id });
    const changed = () => {
      changeValue(context, element, read(), false);
      if (!context.quiet && sendsOn(element, "on_character_entered")) send();
    };
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || event.isComposing || element.multiline) return;
      if (context.quiet) return;
      event.preventDefault();
      if (sendsOn(element, "on_enter_pressed")) send();
    };
    const field = make({ class: "field", ...common(element, context), ...limits(element), on: { input: changed, keydown: key } });
    field.value = start.value ?? "";
    return field;
  };
}

/** @param {any} element */
const textLimits = (element) => ({ minlength: element.min_length, maxlength: element.max_length });

/** @type {Renderer} */
export const plainTextInput = (element, context) => {
  const make = element.multiline
    ? (/** @type {any} */ props) => h("textarea", { ...props, rows: 4 })
    : (/** @type {any} */ props) => h("input", { ...props, type: "text", autocomplete: "off" });
  return typed("plain_text_input", make, textLimits)(element, context);
};

export const numberInput = typed(
  "number_input",
  (props) => h("input", { ...props, type: "number", autocomplete: "off" }),
  (element) => ({ min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : "1", inputmode: element.is_decimal_allowed ? "decimal" : "numeric" }),
);

export const emailInput = typed("email_text_input", (props) => h("input", { ...props, type: "email" }), () => ({}));
export const urlInput = typed("url_text_input", (props) => h("input", { ...props, type: "url" }), () => ({}));

/**
 * A date or time field.
 * @param {string} type
 * @param {"date"|"time"} inputType
 * @param {string} key the name of the value: selected_date or selected_time
 * @param {string} initialKey
 * @returns {Renderer}
 */
function moment(type, inputType, key, initialKey) {
  return (element, context) => {
    const start = startValue(context, element, () => ({ type, [key]: element[initialKey] ?? null }));
    const changed = () => changeValue(context, element, { type, [key]: field.value || null });
    const field = h("input", { class: "field field-short", type: inputType, ...common(element, context), on: { change: changed } });
    field.value = start[key] ?? "";
    return field;
  };
}

export const datePicker = moment("datepicker", "date", "selected_date", "initial_date");
export const timePicker = moment("timepicker", "time", "selected_time", "initial_time");

/** @type {Renderer} */
export const dateTimePicker = (element, context) => {
  const start = startValue(context, element, () => ({ type: "datetimepicker", selected_date_time: element.initial_date_time ?? null }));
  const changed = () => {
    const seconds = field.value ? Math.floor(new Date(field.value).getTime() / 1000) : null;
    changeValue(context, element, { type: "datetimepicker", selected_date_time: seconds });
  };
  const field = h("input", { class: "field field-short", type: "datetime-local", ...common(element, context), on: { change: changed } });
  if (start.selected_date_time) {
    const local = new Date(start.selected_date_time * 1000);
    field.value = new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }
  return field;
};

/** @param {any} option @param {HTMLInputElement} box @returns {HTMLElement} */
function choice(option, box) {
  return h(
    "label", { class: "choice" }, box,
    h("span", { class: "choice-text text" }, h("span", null, textObject(option.text)), option.description ? h("span", { class: "choice-description" }, textObject(option.description)) : null),
  );
}

/** @type {Renderer} */
export const checkboxes = (element, context) => {
  const options = element.options ?? [];
  const start = startValue(context, element, () => ({ type: "checkboxes", selected_options: element.initial_options ?? [] }));
  const chosen = new Set(start.selected_options.map((/** @type {any} */ option) => option.value));
  const changed = () => {
    const selected = options.filter((/** @type {any} */ _, /** @type {number} */ index) => boxes[index]?.checked);
    changeValue(context, element, { type: "checkboxes", selected_options: selected });
  };
  /** @type {HTMLInputElement[]} */
  const boxes = options.map((/** @type {any} */ option, /** @type {number} */ index) => {
    const data = { focusKey: `${focusKey(context, element).focusKey}/${index}` };
    return h("input", { type: "checkbox", checked: chosen.has(option.value), data, on: { change: changed } });
  });
  return h(
    "div", { class: "choices", role: "group", "aria-label": context.label, "aria-describedby": context.describedBy },
    options.map((/** @type {any} */ option, /** @type {number} */ index) => choice(option, /** @type {HTMLInputElement} */ (boxes[index]))),
  );
};

/** @type {Renderer} */
export const radioButtons = (element, context) => {
  const start = startValue(context, element, () => ({ type: "radio_buttons", selected_option: element.initial_option ?? null }));
  const name = uniqueId("radio");
  const options = (element.options ?? []).map((/** @type {any} */ option, /** @type {number} */ index) => {
    const changed = () => changeValue(context, element, { type: "radio_buttons", selected_option: option });
    const data = { focusKey: `${focusKey(context, element).focusKey}/${index}` };
    const box = h("input", { type: "radio", name, checked: start.selected_option?.value === option.value, data, on: { change: changed } });
    return choice(option, box);
  });
  return h("div", { class: "choices", role: "radiogroup", "aria-label": context.label, "aria-describedby": context.describedBy }, options);
};

/** An element that the playground cannot draw says so, rather than vanish. @type {Renderer} */
export const unknownElement = (element) =>
  h("span", { class: "unknown" }, plainText({ text: `The playground has no “${element?.type ?? "element"}” element.`, emoji: false }));
