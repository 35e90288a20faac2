// Tables: Slack's `table` block and Markdown's. A wide one scrolls inside its own frame, by touch and by keyboard.
import { fragment, h } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * @param {Node[]} head
 * @param {Node[][]} rows
 * @param {string[]} align left, center or right for each column
 * @param {string} [caption]
 * @returns {HTMLElement}
 */
export function scrollingTable(head, rows, align, caption) {
  const cell = (/** @type {"th"|"td"} */ tag, /** @type {Node} */ content, /** @type {number} */ column) =>
    h(tag, { class: `align-${align[column] ?? "left"}`, scope: tag === "th" ? "col" : null }, content);
  const table = h(
    "table", null,
    caption ? h("caption", null, caption) : null,
    h("thead", null, h("tr", null, head.map((content, column) => cell("th", content, column)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((content, column) => cell("td", content, column))))),
  );
  return h("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": caption ?? "Table" }, table);
}

/** @param {any} cell @returns {Node} */
function cellContent(cell) {
  if (cell?.type === "rich_text") return fragment(richText(cell));
  return plainText({ text: String(cell?.text ?? cell?.value ?? ""), emoji: true });
}

/** @param {any} cell @param {any} setting @returns {string} */
function cellAlignment(cell, setting) {
  return setting?.align ?? (cell?.type === "raw_number" ? "right" : "left");
}

/**
 * The `table` block; its first row is the head.
 * @param {any} block
 * @returns {HTMLElement}
 */
export function tableBlock(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const align = head.map((/** @type {any} */ _, /** @type {number} */ column) => cellAlignment(rows[0]?.[column], settings[column]));
  return scrollingTable(head.map(cellContent), rows.map((/** @type {any[]} */ row) => row.map(cellContent)), align, block.caption?.text ?? block.caption);
}
