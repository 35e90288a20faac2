// The shortcodes the playground knows. The ones that carry a status are drawn, so that they look the same
// on a machine without an emoji font; the others are the font's own.
import { h } from "./dom.js";
import { drawing } from "./icons.js";

/** @type {Record<string, string>} */
const GLYPHS = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", bell: "🔔", books: "📚", bulb: "💡", bug: "🐛", calendar: "📅",
  chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈", clap: "👏", clipboard: "📋", eyes: "👀", fire: "🔥",
  gear: "⚙️", hammer_and_wrench: "🛠️", heart: "❤️", inbox_tray: "📥", label: "🏷️", lock: "🔒", mag: "🔍", memo: "📝",
  moneybag: "💰", mute: "🔇", no_bell: "🔕", package: "📦", page_facing_up: "📄", paperclip: "📎", point_right: "👉",
  pray: "🙏", question: "❓", receipt: "🧾", recycle: "♻️", robot_face: "🤖", rocket: "🚀", seedling: "🌱", sleeping: "😴",
  slightly_smiling_face: "🙂", smile: "😄", sparkles: "✨", speech_balloon: "💬", star: "⭐", stopwatch: "⏱️", tada: "🎉",
  thinking_face: "🤔", unlock: "🔓", wave: "👋", wrench: "🔧", zap: "⚡", zzz: "💤", dollar: "💵", key: "🔑", scroll: "📜",
};

/** @param {string} fill @param {string} [path] @param {string} [ink] */
function disc(fill, path, ink = "#fff") {
  const shapes = [{ tag: /** @type {const} */ ("circle"), attributes: { cx: "10", cy: "10", r: "8.5", fill } }];
  return path ? [...shapes, stroke(path, ink)] : shapes;
}

/** @param {string} d @param {string} ink @param {string} [width] */
function stroke(d, ink, width = "2") {
  const attributes = { d, fill: "none", stroke: ink, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return { tag: /** @type {const} */ ("path"), attributes };
}

/** @param {string} d @param {string} fill */
function shape(d, fill) {
  return { tag: /** @type {const} */ ("path"), attributes: { d, fill, stroke: fill, "stroke-width": "1.5", "stroke-linejoin": "round" } };
}

const TICK = "M6 10.400l2.8 2.8 5.2-6";
const HOURGLASS = "M6 3.500h8M6 16.500h8M7 3.500v2.500l3 4 3-4V3.500M7 16.500V14l3-4 3 4v2.5";

/** @type {Record<string, Parameters<typeof drawing>[1]>} */
const DRAWN = {
  white_check_mark: disc("#16a34a", TICK),
  heavy_check_mark: [stroke("M4 10.500l4 4 8-9", "#16a34a", "2.6")],
  x: [stroke("M5 5l10 10M15 5L5 15", "#dc2626", "2.8")],
  no_entry: disc("#dc2626", "M6 10h8"),
  warning: [shape("M10 3l8 14H2z", "#f59e0b"), stroke("M10 8v4M10 14.500v.01", "#3b2500")],
  information_source: disc("#2563eb", "M10 9.500v4.500M10 6.300v.01"),
  large_green_circle: disc("#16a34a"),
  red_circle: disc("#dc2626"),
  large_yellow_circle: disc("#eab308"),
  large_orange_circle: disc("#f97316"),
  large_blue_circle: disc("#2563eb"),
  large_purple_circle: disc("#9333ea"),
  white_circle: [{ tag: "circle", attributes: { cx: "10", cy: "10", r: "7.5", fill: "none", stroke: "#9ca3af", "stroke-width": "2" } }],
  radio_button: [
    { tag: "circle", attributes: { cx: "10", cy: "10", r: "7.5", fill: "none", stroke: "#2563eb", "stroke-width": "2" } },
    { tag: "circle", attributes: { cx: "10", cy: "10", r: "4", fill: "#2563eb" } },
  ],
  hourglass: [stroke(HOURGLASS, "#b45309", "1.6")],
  hourglass_flowing_sand: [stroke(HOURGLASS, "#b45309", "1.6")],
  black_square_for_stop: [{ tag: "rect", attributes: { x: "4", y: "4", width: "12", height: "12", rx: "2", fill: "#6b7280" } }],
  octagonal_sign: [shape("M7 3h6l4 4v6l-4 4H7l-4-4V7z", "#dc2626")],
  small_blue_diamond: [shape("M10 6l4 4-4 4-4-4z", "#2563eb")],
};

/**
 * @param {string} name a shortcode without its colons
 * @returns {HTMLElement|null} null for one that the playground does not know
 */
export function emoji(name) {
  const label = `:${name}:`;
  const shapes = Object.hasOwn(DRAWN, name) ? DRAWN[name] : undefined;
  if (shapes) return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: label }, drawing("emoji-drawn", shapes));
  const glyph = Object.hasOwn(GLYPHS, name) ? GLYPHS[name] : undefined;
  return glyph ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: label }, glyph) : null;
}
