// Slack's own markup (mrkdwn) to DOM. Works on the escaped text as Slack stores it.
import { fragment, h } from "./dom.js";
import { angleToken, decodeEntities, emojiToken, link } from "./tokens.js";

/** Renders one piece of a line at `at`, or says that nothing starts there. @typedef {(text: string, at: number) => [Node, number]|null} Rule */

const DELIMITERS = /** @type {const} */ ({ "*": "strong", _: "em", "~": "s" });

/** @type {Rule} */
function code(text, at) {
  const match = /`([^`\n]+)`/y;
  match.lastIndex = at;
  const found = match.exec(text);
  return found ? [h("code", null, plain(found[1] ?? "")), match.lastIndex] : null;
}

/** Text inside code: tokens lose their brackets, nothing else is read. @param {string} text @returns {string} */
function plain(text) {
  return decodeEntities(text.replace(/<(?:[^<>|\n]*\|)?([^<>|\n]+)>/g, "$1"));
}

/** @type {Rule} */
function angle(text, at) {
  const match = /<([^<>\n]+)>/y;
  match.lastIndex = at;
  const found = match.exec(text);
  return found ? [angleToken(found[1] ?? ""), match.lastIndex] : null;
}

/** @type {Rule} */
function emphasis(text, at) {
  const mark = text[at] ?? "";
  if (!(mark in DELIMITERS) || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  const match = new RegExp(`[${mark}](?!\\s)([^${mark}\\n]+?)(?<!\\s)[${mark}](?![\\p{L}\\p{N}${mark}])`, "uy");
  match.lastIndex = at;
  const found = match.exec(text);
  if (!found) return null;
  const tag = DELIMITERS[/** @type {keyof typeof DELIMITERS} */ (mark)];
  return [h(tag, null, inline(found[1] ?? "")), match.lastIndex];
}

/** @type {Rule} */
function shortcode(text, at) {
  const match = /:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/y;
  match.lastIndex = at;
  const found = match.exec(text);
  return found ? [emojiToken(found[1] ?? ""), match.lastIndex] : null;
}

/** @type {Rule} */
function bareLink(text, at) {
  const match = /https?:\/\/[^\s<>"'`*~]+/y;
  match.lastIndex = at;
  const found = match.exec(text);
  if (!found || /\w/.test(text[at - 1] ?? "")) return null;
  const address = found[0].replace(/[.,;:!?)\]]+$/, "");
  return [link(decodeEntities(address), decodeEntities(address)), at + address.length];
}

/** @type {Record<string, Rule>} */
const RULES = { "`": code, "<": angle, "*": emphasis, _: emphasis, "~": emphasis, ":": shortcode, h: bareLink };

/**
 * One line, or a run of lines that a break joins.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function inline(text) {
  const result = document.createDocumentFragment();
  let from = 0;
  let at = 0;
  const flush = (/** @type {number} */ to) => {
    if (to > from) result.append(decodeEntities(text.slice(from, to)));
  };
  while (at < text.length) {
    const found = RULES[text[at] ?? ""]?.(text, at);
    if (!found) {
      at += 1;
      continue;
    }
    flush(at);
    result.append(found[0]);
    at = from = found[1];
  }
  flush(text.length);
  return result;
}

/** @param {string[]} lines @returns {Node} */
function paragraph(lines) {
  return h("p", null, lines.flatMap((line, index) => (index ? [h("br"), inline(line)] : [inline(line)])));
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^\s*[•◦▪-] +/;
const NUMBER = /^\s*(\d+)\. +/;

/** @type {[string, RegExp|null][]} */
const KINDS = [["quote", QUOTE], ["bullets", BULLET], ["numbers", NUMBER]];

/** @param {string} line @returns {string} */
function kindOf(line) {
  return KINDS.find(([, pattern]) => pattern?.test(line))?.[0] ?? (line.trim() ? "text" : "gap");
}

/** @param {string} kind @param {string[]} lines @returns {Node|null} */
function group(kind, lines) {
  if (kind === "gap") return lines.length > 1 ? h("div", { class: "gap" }) : null;
  if (kind === "quote") return h("blockquote", null, paragraph(lines.map((line) => line.replace(QUOTE, ""))));
  if (kind === "bullets") return h("ul", null, lines.map((line) => h("li", null, inline(line.replace(BULLET, "")))));
  if (kind === "numbers") {
    const start = NUMBER.exec(lines[0] ?? "")?.[1] ?? "1";
    return h("ol", { start }, lines.map((line) => h("li", null, inline(line.replace(NUMBER, "")))));
  }
  return paragraph(lines);
}

/** @param {string} text without fences @returns {Node[]} */
function lines(text) {
  /** @type {Node[]} */
  const result = [];
  /** @type {string[]} */
  let run = [];
  let kind = "";
  const close = () => {
    const node = run.length ? group(kind, run) : null;
    if (node) result.push(node);
    run = [];
  };
  for (const line of text.split("\n")) {
    const next = kindOf(line);
    if (next !== kind) close();
    kind = next;
    run.push(line);
  }
  close();
  return result;
}

/**
 * A whole mrkdwn text.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```\n?/);
  return fragment(parts.flatMap((part, index) => {
    if (index % 2) return [h("pre", { tabindex: "0" }, plain(part))];
    return part ? lines(part.replace(/\n$/, "")) : [];
  }));
}

/** A text composition object: plain_text is shown as it is, but for emoji. @param {any} text @returns {DocumentFragment} */
export function textObject(text) {
  if (!text) return fragment();
  if (text.type === "mrkdwn") return mrkdwn(String(text.text ?? ""));
  return plainText(text);
}

/** A plain_text object or a string, on one line. @param {any} text @returns {DocumentFragment} */
export function plainText(text) {
  const value = decodeEntities(String(typeof text === "string" ? text : (text?.text ?? "")));
  const parts = text?.emoji === false ? [value] : value.split(/:([a-z0-9_+'-]+):/);
  return fragment(parts.map((part, index) => (index % 2 ? emojiToken(part) : part)));
}
