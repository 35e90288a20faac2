// The `rich_text` block.
import { h } from "./dom.js";
import { broadcast, channelMention, dateToken, emojiToken, link, userMention } from "./tokens.js";

const STYLES = /** @type {const} */ ({ bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" });

/** @param {Node} node @param {Record<string, boolean>|undefined} style @returns {Node} */
function styled(node, style) {
  let result = node;
  for (const [name, tag] of Object.entries(STYLES).reverse()) if (style?.[name]) result = h(/** @type {"strong"} */ (tag), null, result);
  return result;
}

/** @param {any} part @returns {Node} */
function leaf(part) {
  switch (part.type) {
    case "link": return link(part.url ?? "", part.text || part.url || "");
    case "user": return userMention(part.user_id);
    case "channel": return channelMention(part.channel_id);
    case "usergroup": return h("span", { class: "mention" }, "@group");
    case "emoji": return emojiToken(part.name);
    case "broadcast": return broadcast(part.range);
    case "date": return dateToken(part.timestamp, part.format ?? "{date} {time}", part.fallback, part.url);
    case "color": return h("code", null, part.value);
    default: return lineBroken(part.text ?? "");
  }
}

/** @param {string} text @returns {Node} */
function lineBroken(text) {
  const result = document.createDocumentFragment();
  text.split("\n").forEach((line, index) => {
    if (index) result.append(h("br"));
    result.append(line);
  });
  return result;
}

/** @param {any[]} parts @returns {Node[]} */
function leaves(parts) {
  return parts.map((part) => styled(leaf(part), part.style));
}

/** @param {any} element @returns {Node} */
function listElement(element) {
  const items = (element.elements ?? []).map((/** @type {any} */ item) => h("li", null, leaves(item.elements ?? [])));
  const props = { class: `rt-list indent-${Math.min(element.indent ?? 0, 8)}` };
  if (element.style === "ordered") return h("ol", { ...props, start: (element.offset ?? 0) + 1 }, items);
  return h("ul", props, items);
}

/** @param {any} element @returns {Node} */
function part(element) {
  switch (element.type) {
    case "rich_text_list": return listElement(element);
    case "rich_text_quote": return h("blockquote", null, leaves(element.elements ?? []));
    case "rich_text_preformatted": return h("pre", { tabindex: "0" }, (element.elements ?? []).map((/** @type {any} */ item) => item.text ?? item.url ?? ""));
    default: return h("p", null, leaves(element.elements ?? []));
  }
}

/** @param {any} block @returns {Node[]} */
export function richText(block) {
  return (block.elements ?? []).map(part);
}
