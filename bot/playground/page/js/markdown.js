// Standard Markdown blocks to DOM: headings, lists, quotes, code, rules and tables.
import { fragment, h } from "./dom.js";
import { markdownInline } from "./markdown_inline.js";
import { scrollingTable } from "./tables.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(\S*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const ALIGNMENT = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Reads one kind of block at a line: the node and the line after it, or null. @typedef {(lines: string[], at: number) => [Node, number]|null} Reader */

/** @type {Reader} */
function fence(lines, at) {
  const open = FENCE.exec(lines[at] ?? "");
  if (!open) return null;
  const mark = open[1] ?? "```";
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? "").trim().startsWith(mark)) end += 1;
  return [h("pre", { tabindex: "0" }, lines.slice(at + 1, end).join("\n")), end + 1];
}

/** @type {Reader} */
function heading(lines, at) {
  const found = HEADING.exec(lines[at] ?? "");
  if (!found) return null;
  const level = Math.min((found[1] ?? "#").length + 2, 6);
  return [h("div", { class: `md-heading md-h${level - 2}`, role: "heading", "aria-level": level }, markdownInline(found[2] ?? "")), at + 1];
}

/** @type {Reader} */
function rule(lines, at) {
  return RULE.test(lines[at] ?? "") ? [h("hr"), at + 1] : null;
}

/** @type {Reader} */
function quote(lines, at) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end] ?? "")) end += 1;
  if (end === at) return null;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [h("blockquote", null, blocks(inner)), end];
}

/** The cells of a row; a bar behind a backslash is text. @param {string} line @returns {string[]} */
function cells(line) {
  const trimmed = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return trimmed.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** @param {string} cell of the alignment row @returns {string} */
function alignment(cell) {
  if (/^:-+:$/.test(cell)) return "center";
  return /-:$/.test(cell) ? "right" : "left";
}

/** @type {Reader} */
function table(lines, at) {
  if (!(lines[at] ?? "").includes("|") || !ALIGNMENT.test(lines[at + 1] ?? "")) return null;
  const head = cells(lines[at] ?? "");
  const align = cells(lines[at + 1] ?? "").map(alignment);
  if (head.length !== align.length) return null;
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? "").includes("|")) end += 1;
  const rows = lines.slice(at + 2, end).map((line) => cells(line).slice(0, head.length));
  const draw = (/** @type {string[]} */ row) => row.map((cell) => markdownInline(cell));
  return [scrollingTable(draw(head), rows.map(draw), align), end];
}

/** The lines of an item: its own, and what is indented under it. @param {string[]} lines @param {number} at @param {number} indent */
function itemEnd(lines, at, indent) {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    const depth = line.length - line.trimStart().length;
    const nextIsDeeper = line.trim() === "" && /^\s+\S/.test(lines[end + 1] ?? "") && ((lines[end + 1] ?? "").length - (lines[end + 1] ?? "").trimStart().length) > indent;
    if (!nextIsDeeper && (line.trim() === "" || (depth <= indent && (ITEM.test(line) || starts(lines, end))))) break;
    end += 1;
  }
  return end;
}

/** @param {string[]} body @returns {Node[]} */
function itemBody(body) {
  const task = /^\[([ xX])\]\s+/.exec(body[0] ?? "");
  if (!task) return blocks(body, true);
  const done = task[1] !== " ";
  const rest = [(body[0] ?? "").slice(task[0].length), ...body.slice(1)];
  const box = h("input", { type: "checkbox", disabled: true, checked: done, "aria-label": done ? "done" : "open" });
  return [h("span", { class: "task" }, box), ...blocks(rest, true)];
}

/** @type {Reader} */
function list(lines, at) {
  const first = ITEM.exec(lines[at] ?? "");
  if (!first) return null;
  const ordered = /\d/.test(first[2] ?? "");
  const indent = (first[1] ?? "").length;
  const items = [];
  let end = at;
  for (;;) {
    const found = ITEM.exec(lines[end] ?? "");
    if (!found || (found[1] ?? "").length > indent + 1 || /\d/.test(found[2] ?? "") !== ordered) break;
    const next = itemEnd(lines, end, indent);
    const width = (lines[end] ?? "").length - (found[3] ?? "").length;
    const body = [found[3] ?? "", ...lines.slice(end + 1, next).map((line) => line.slice(Math.min(width, line.length - line.trimStart().length)))];
    items.push(h("li", null, itemBody(body)));
    end = next;
    while ((lines[end] ?? "x").trim() === "" && ITEM.test(lines[end + 1] ?? "")) end += 1;
  }
  return [ordered ? h("ol", { start: parseInt(first[2] ?? "1", 10) }, items) : h("ul", null, items), end];
}

/** @type {Reader[]} */
const READERS = [fence, heading, rule, quote, table, list];

/** Whether something other than a paragraph starts here. @param {string[]} lines @param {number} at */
function starts(lines, at) {
  return READERS.some((reader) => reader(lines, at) !== null);
}

/**
 * @param {string[]} lines
 * @param {boolean} [tight] inside a list item: text without paragraphs
 * @returns {Node[]}
 */
function blocks(lines, tight = false) {
  const result = [];
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? "").trim() === "") {
      at += 1;
      continue;
    }
    const found = READERS.reduce((/** @type {[Node, number]|null} */ known, reader) => known ?? reader(lines, at), null);
    if (found) {
      result.push(found[0]);
      at = found[1];
      continue;
    }
    let end = at + 1;
    while (end < lines.length && (lines[end] ?? "").trim() !== "" && !starts(lines, end)) end += 1;
    const text = markdownInline(lines.slice(at, end).map((line) => line.trim()).join("\n"));
    result.push(tight ? text : h("p", null, text));
    at = end;
  }
  return result;
}

/**
 * @param {string} text standard Markdown; HTML in it is shown as text
 * @returns {DocumentFragment}
 */
export function markdown(text) {
  return fragment(blocks(text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n")));
}
