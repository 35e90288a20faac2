// Block Kit to DOM: one renderer for each type of block, one for each type of element.
/** @import {BlockContext, Container} from "./types.js" */
import { button, feedbackButtons, iconButton, overflow } from "./buttons.js";
import { fragment, h, uniqueId } from "./dom.js";
import { fileInput } from "./file_input.js";
import { blockIdOf, formOf } from "./form_state.js";
import { fileCard, imageOf } from "./files.js";
import { checkboxes, datePicker, dateTimePicker, emailInput, numberInput, plainTextInput, radioButtons, timePicker, unknownElement, urlInput } from "./inputs.js";
import { markdown } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { select } from "./selects.js";
import { tableBlock } from "./tables.js";

/** @typedef {(element: any, context: BlockContext) => Node} ElementRenderer */
/** @typedef {(block: any, context: BlockContext, errors: Record<string, string>) => Node|null} BlockRenderer */

const SELECTS = ["static", "external", "users", "conversations", "channels"].flatMap((kind) => [`${kind}_select`, `multi_${kind}_select`]);

/** @type {Record<string, ElementRenderer>} */
const ELEMENTS = {
  ...Object.fromEntries(SELECTS.map((type) => [type, select])),
  button, overflow, checkboxes, file_input: fileInput, plain_text_input: plainTextInput, number_input: numberInput,
  email_text_input: emailInput, url_text_input: urlInput, radio_buttons: radioButtons, datepicker: datePicker, timepicker: timePicker,
  datetimepicker: dateTimePicker, feedback_buttons: feedbackButtons, icon_button: iconButton, image: (element) => imageOf(element, "element-image"),
};

/** @param {any} element @param {BlockContext} context @returns {Node} */
function elementNode(element, context) {
  const renderer = ELEMENTS[element?.type] ?? unknownElement;
  const label = context.label || element?.accessibility_label || element?.placeholder?.text || "";
  return renderer(element, { ...context, label });
}

/** @type {BlockRenderer} */
function section(block, context) {
  const fields = block.fields?.length ? h("div", { class: "fields" }, block.fields.map((/** @type {any} */ field) => h("div", { class: "section-field text" }, textObject(field)))) : null;
  const text = block.text ? h("div", { class: "text" }, textObject(block.text)) : null;
  const wide = ["radio_buttons", "checkboxes"].includes(block.accessory?.type);
  const accessory = block.accessory ? h("div", { class: "accessory" }, elementNode(block.accessory, { ...context, label: block.accessory.type === "button" ? "" : (block.text?.text ?? "") })) : null;
  return h("div", { class: wide ? "section section-stacked" : "section" }, h("div", { class: "section-main" }, text, fields), accessory);
}

/** @type {BlockRenderer} */
function context(block) {
  const items = (block.elements ?? []).map((/** @type {any} */ item) =>
    item.type === "image" ? imageOf(item, "context-image") : h("span", { class: "context-text text" }, textObject(item)));
  return h("div", { class: "context" }, items);
}

/** @type {BlockRenderer} */
function input(block, blockContext, errors) {
  const error = errors[blockContext.blockId];
  const ids = { hint: uniqueId("hint"), error: uniqueId("error") };
  const describedBy = [error && ids.error, block.hint && ids.hint].filter(Boolean).join(" ") || undefined;
  const label = block.label?.text ?? "";
  const element = elementNode(block.element, { ...blockContext, quiet: !block.dispatch_action, label, describedBy });
  const control = element instanceof HTMLElement && element.matches("input, textarea, button") ? element : null;
  if (error) control?.setAttribute("aria-invalid", "true");
  if (!block.optional) control?.setAttribute("aria-required", "true");
  return h(
    "div", { class: error ? "input has-error" : "input", data: { blockId: blockContext.blockId } },
    h("div", { class: "input-label", "aria-hidden": "true" }, plainText(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    element,
    error ? h("p", { class: "input-error", id: ids.error, role: "alert" }, error) : null,
    block.hint ? h("p", { class: "input-hint", id: ids.hint }, plainText(block.hint)) : null,
  );
}

/** @type {BlockRenderer} */
function image(block) {
  const title = block.title ? h("figcaption", null, plainText(block.title)) : null;
  return h("figure", { class: "image" }, title, imageOf(block, "block-image"));
}

/** @type {BlockRenderer} */
function taskCard(block) {
  const status = { complete: "white_check_mark", in_progress: "hourglass_flowing_sand", error: "x" }[/** @type {string} */ (block.status)] ?? "white_circle";
  const details = [block.details, block.output].filter(Boolean).flatMap((part) => (part.type === "rich_text" ? richText(part) : [markdown(part.text ?? String(part))]));
  return h("div", { class: "task-card text" }, h("p", null, textObject({ type: "mrkdwn", text: `:${status}: ` }), h("b", null, plainText(block.title ?? ""))), details);
}

/** @type {Record<string, BlockRenderer>} */
const BLOCKS = {
  section, context, input, image,
  header: (block) => h("h3", { class: "header" }, plainText(block.text)),
  divider: () => h("hr", { class: "divider" }),
  actions: (block, blockContext) => h("div", { class: "actions" }, (block.elements ?? []).map((/** @type {any} */ item) => elementNode(item, blockContext))),
  context_actions: (block, blockContext) => h("div", { class: "actions" }, (block.elements ?? []).map((/** @type {any} */ item) => elementNode(item, blockContext))),
  markdown: (block) => h("div", { class: "text markdown" }, markdown(block.text ?? "")),
  rich_text: (block) => h("div", { class: "text" }, richText(block)),
  table: tableBlock,
  data_table: tableBlock,
  file: (block) => (block.file ? fileCard(block.file) : null),
  alert: (block) => h("div", { class: `alert alert-${block.level ?? "default"} text`, role: "note" }, textObject(block.text)),
  task_card: taskCard,
  plan: (block) => h("div", { class: "plan" }, h("p", null, h("b", null, plainText(block.title ?? ""))), (block.tasks ?? []).map((/** @type {any} */ task) => taskCard(task, /** @type {any} */ (null), {}))),
};

/**
 * Blocks of a message or a view.
 * @param {any[]} blocks
 * @param {Container} container
 * @param {Record<string, string>} [errors] by block ID, shown under their inputs
 * @returns {DocumentFragment}
 */
export function blocksNode(blocks, container, errors = {}) {
  const form = formOf(container);
  return fragment(blocks.map((block, index) => {
    const renderer = BLOCKS[block.type];
    if (!renderer) return h("p", { class: "unknown" }, `The playground has no “${block.type}” block.`);
    return renderer(block, { container, form, blockId: blockIdOf(block, index), quiet: false, label: "" }, errors);
  }));
}
