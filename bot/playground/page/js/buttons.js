// Elements that are pressed: button, overflow, feedback and icon buttons.
/** @import {BlockContext} from "./types.js" */
import { focusKey, sendAction } from "./actions.js";
import { askConfirmation } from "./dialogs.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { safeAddress } from "./tokens.js";

/**
 * Runs work while the button shows that it is busy; a second press meanwhile does nothing.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<unknown>} work
 */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {any} element @param {BlockContext} context @returns {HTMLElement} */
export function button(element, context) {
  const style = element.style ? ` button-${element.style === "danger" ? "danger" : "primary"}` : "";
  const address = element.url ? safeAddress(element.url) : null;
  const press = async () => {
    const action = { type: "button", action_id: element.action_id, text: element.text, ...(element.value !== undefined && { value: element.value }) };
    if (element.confirm && !(await askConfirmation(element.confirm))) return;
    if (address) window.open(address, "_blank", "noopener");
    await whileBusy(control, () => sendAction(context, action));
  };
  const control = h(
    "button",
    { class: `button${style}`, type: "button", "aria-label": element.accessibility_label, data: focusKey(context, element), on: { click: () => void press() } },
    plainText(element.text),
  );
  return control;
}

/** @param {any} element @param {BlockContext} context @returns {HTMLElement} */
export function overflow(element, context) {
  const open = () => openMenu(control, (element.options ?? []).map((/** @type {any} */ option) => ({
    label: plainText(option.text),
    description: option.description?.text,
    run: () => {
      const address = option.url ? safeAddress(option.url) : null;
      if (address) window.open(address, "_blank", "noopener");
      void sendAction(context, { type: "overflow", action_id: element.action_id, selected_option: option }, element.confirm);
    },
  })), { align: "end", label: "Options" });
  const control = h(
    "button",
    { class: "button button-square", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More options", data: focusKey(context, element), on: { click: open } },
    icon("more"),
  );
  return control;
}

/** The two thumbs of a `feedback_buttons` element. @param {any} element @param {BlockContext} context @returns {HTMLElement} */
export function feedbackButtons(element, context) {
  const one = (/** @type {any} */ choice, /** @type {string} */ fallback) => choice && h(
    "button",
    {
      class: "button button-small", type: "button", "aria-label": choice.accessibility_label,
      on: { click: () => void sendAction(context, { type: "feedback_buttons", action_id: element.action_id, value: choice.value }) },
    },
    plainText(choice.text ?? fallback),
  );
  return h("span", { class: "feedback" }, one(element.positive_button, ":+1:"), one(element.negative_button, ":-1:"));
}

/** @param {any} element @param {BlockContext} context @returns {HTMLElement} */
export function iconButton(element, context) {
  return h(
    "button",
    {
      class: "button button-small", type: "button", "aria-label": element.accessibility_label ?? element.text?.text,
      on: { click: () => void sendAction(context, { type: "icon_button", action_id: element.action_id, value: element.value }, element.confirm) },
    },
    plainText(element.text ?? element.icon ?? ""),
  );
}
