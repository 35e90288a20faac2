// Standard Markdown inside a line: what a `markdown` block, a stream and `markdown_text` use.
import { h } from "./dom.js";
import { angleToken, decodeEntities, emojiToken, link, safeAddress } from "./tokens.js";

/** @typedef {[RegExp, (found: RegExpExecArray) => Node|string]} Rule tried at one place of the text */

/** @type {Rule[]} */
const RULES = [
  [/\\([\\`*_{}[\]()#+.!|~<>-])/y, (found) => found[1] ?? ""],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (found) => h("code", null, decodeEntities((found[2] ?? "").trim()))],
  [/!\[([^\]\n]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/y, (found) => link(found[2] ?? "", found[1] || "image")],
  [/\[([^\]\n]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)/y, (found) => link(found[2] ?? "", markdownInline(found[1] ?? ""))],
  [/\*\*\*(?!\s)(.+?)(?<!\s)\*\*\*/sy, (found) => h("strong", null, h("em", null, markdownInline(found[1] ?? "")))],
  [/\*\*(?!\s)(.+?)(?<!\s)\*\*(?!\*)/sy, (found) => h("strong", null, markdownInline(found[1] ?? ""))],
  [/(?<!\w)__(?!\s)(.+?)(?<!\s)__(?!\w)/sy, (found) => h("strong", null, markdownInline(found[1] ?? ""))],
  [/\*(?![\s*])(.+?)(?<![\s*])\*(?!\*)/sy, (found) => h("em", null, markdownInline(found[1] ?? ""))],
  [/(?<!\w)_(?![\s_])(.+?)(?<![\s_])_(?!\w)/sy, (found) => h("em", null, markdownInline(found[1] ?? ""))],
  [/~~(?!\s)(.+?)(?<!\s)~~/sy, (found) => h("s", null, markdownInline(found[1] ?? ""))],
  [/<([@#!][^<>\n]+|(?:https?:|mailto:)[^<>\s]+)>/y, (found) => angleToken(found[1] ?? "")],
  [/:([a-z0-9_+'-]+):/y, (found) => emojiToken(found[1] ?? "")],
  [/(?<!\w)https?:\/\/[^\s<>"'`*~]*[^\s<>"'`*~.,;:!?)\]]/y, (found) => autolink(found[0])],
];

const STARTS = new Set("\\`![*_~<:h");

/** @param {string} address @returns {Node|string} */
function autolink(address) {
  return safeAddress(address) ? link(address, address) : address;
}

/** @param {string} text @param {number} at @returns {[Node|string, number]|null} */
function match(text, at) {
  for (const [pattern, make] of RULES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    // The nested call in `make` moves lastIndex of the shared pattern, so the end is taken from the match itself.
    if (found) return [make(found), at + found[0].length];
  }
  return null;
}

/**
 * @param {string} text
 * @returns {DocumentFragment} a single newline becomes a line break, as Slack shows it
 */
export function markdownInline(text) {
  const result = document.createDocumentFragment();
  let plain = "";
  let at = 0;
  const flush = () => {
    decodeEntities(plain).split("\n").forEach((line, index) => {
      if (index) result.append(h("br"));
      result.append(line);
    });
    plain = "";
  };
  while (at < text.length) {
    const found = STARTS.has(text[at] ?? "") ? match(text, at) : null;
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (typeof found[0] === "string") plain += found[0];
    else {
      flush();
      result.append(found[0]);
    }
    at = found[1];
  }
  flush();
  return result;
}
