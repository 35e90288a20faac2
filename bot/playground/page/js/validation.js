// What Slack's own client refuses before it asks the bot.
/** @import {Value} from "./types.js" */

/** @param {Value|undefined} value @returns {boolean} */
function isEmpty(value) {
  if (!value) return true;
  const [, content] = Object.entries(value).find(([name]) => name !== "type") ?? [];
  return content === null || content === undefined || content === "" || (Array.isArray(content) && content.length === 0);
}

/** @param {any} element @param {Value} value @returns {string} what is wrong, or nothing */
function outOfRange(element, value) {
  const text = value.value;
  if (typeof text !== "string") return "";
  if (element.min_length && text.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && text.length > element.max_length) return `Please enter at most ${element.max_length} characters.`;
  return element.type === "number_input" ? numberOutOfRange(element, text) : "";
}

/** @param {any} element @param {string} text @returns {string} */
function numberOutOfRange(element, text) {
  const number = Number(text);
  if (!Number.isFinite(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please enter a number of at most ${element.max_value}.`;
  return "";
}

/**
 * @param {any[]} blocks
 * @param {Record<string, Record<string, Value>>} values
 * @returns {Record<string, string>} a sentence for each input that cannot be sent, by block ID
 */
export function missing(blocks, values) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const block of blocks.filter((item) => item.type === "input")) {
    const value = values[block.block_id]?.[block.element?.action_id];
    const problem = isEmpty(value)
      ? (block.optional ? "" : "Please complete this required field.")
      : outOfRange(block.element, /** @type {Value} */ (value));
    if (problem) found[block.block_id] = problem;
  }
  return found;
}
