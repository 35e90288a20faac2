// The shortcodes the playground knows. The ones that carry a status are drawn, so that they look the same
// on a machine without an emoji font; the others are the font's own.
import { h } from "./dom.js";
import { drawing } from "./icons.js";

/** @type {Record<string, string>} */
const GLYPHS = {
  bell: "🔔", books: "📚", bulb: "💡", bug: "🐛", calendar: "📅",
  chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈", clap: "👏", clipboard: "📋", fire: "🔥",
  gear: "⚙️", hammer_and_wrench: "🛠️", inbox_tray: "📥", label: "🏷️", lock: "🔒", mag: "🔍",
  mute: "🔇", no_bell: "🔕", package: "📦", page_facing_up: "📄", paperclip: "📎", point_right: "👉",
  pray: "🙏", question: "❓", receipt: "🧾", recycle: "♻️", robot_face: "🤖", rocket: "🚀", seedling: "🌱", sleeping: "😴",
  slightly_smiling_face: "🙂", smile: "😄", sparkles: "✨", speech_balloon: "💬", star: "⭐", stopwatch: "⏱️", tada: "🎉",
  thinking_face: "🤔", unlock: "🔓", wave: "👋", zap: "⚡", zzz: "💤", dollar: "💵", key: "🔑", scroll: "📜", pencil2: "✏️", wastebasket: "🗑️",
};

/** @param {string} fill @param {string} [path] @param {string} [ink] */
function disc(fill, path, ink = "#fff") {
  const shapes = [{ tag: /** @type {const} */ ("circle"), attributes: { cx: "10", cy: "10", r: "8.5", fill } }];
  return path ? [...shapes, stroke(path, ink)] : shapes;
}

/** @param {string} fill */
function square(fill) {
  return [{ tag: /** @type {const} */ ("rect"), attributes: { x: "2", y: "2", width: "16", height: "16", rx: "2", fill, stroke: "#94a3b8" } }];
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

const TICK = "M6 10.4l2.8 2.8 5.2-6";
const HOURGLASS = "M6 3.5h8M6 16.5h8M7 3.5v2.5l3 4 3-4V3.5M7 16.5V14l3-4 3 4v2.5";

const THUMB = "M3 9.5h2.5v7H3zM7 9.5l3-6.5c1.5 0 2 1 1.7 2.5L11.3 8H15c1.2 0 1.8 1 1.5 2l-1.4 5.2c-.2.8-.9 1.3-1.7 1.3H9l-2-1z";
const HEART = "M10 16.5C5 12.8 2.5 10.2 2.5 7.3 2.5 5 4.2 3.5 6.2 3.5c1.5 0 3 .8 3.8 2.3.8-1.5 2.3-2.3 3.8-2.3 2 0 3.7 1.5 3.7 3.8 0 2.9-2.5 5.5-7.5 9.2z";

/** @param {string} cx @returns {Parameters<typeof drawing>[1]} */
function eye(cx) {
  return [
    { tag: "rect", attributes: { x: String(Number(cx) - 4), y: "4", width: "8", height: "12", rx: "4", fill: "#fff", stroke: "#6b7280", "stroke-width": "1" } },
    { tag: "circle", attributes: { cx: String(Number(cx) - 1.2), cy: "11", r: "2.2", fill: "#1f2937" } },
  ];
}

/** @param {boolean} up @returns {Parameters<typeof drawing>[1]} */
function thumb(up) {
  /** @type {Record<string, string>} */
  const turn = up ? {} : { transform: "rotate(180 10 10)" };
  return [{ tag: "path", attributes: { d: THUMB, fill: "#fbbf24", stroke: "#b45309", "stroke-width": "1", "stroke-linejoin": "round", ...turn } }];
}

/** @type {Record<string, Parameters<typeof drawing>[1]>} */
const DRAWN = {
  "+1": thumb(true),
  thumbsup: thumb(true),
  "-1": thumb(false),
  thumbsdown: thumb(false),
  eyes: [...eye("5.4"), ...eye("14.6")],
  memo: [
    { tag: "rect", attributes: { x: "4", y: "2.5", width: "12", height: "15", rx: "1.5", fill: "#f8fafc", stroke: "#94a3b8" } },
    stroke("M7 6.5h6M7 10h6M7 13.5h3", "#64748b", "1.4"),
    stroke("M10.5 16l6-6", "#f59e0b", "2.4"),
  ],
  moneybag: [shape("M8 6h4l3.5 5.5c1 2.5 0 5-2.5 5H7c-2.5 0-3.5-2.5-2.5-5zM8 6L6.5 3h7L12 6z", "#d4a017"), stroke("M11.5 10h-2a1 1 0 0 0 0 2h1a1 1 0 0 1 0 2H8.3M10 9v6", "#4d3800", "1.2")],
  bulb: [shape("M10 3a5 5 0 0 0-2.7 9.2V14h5.4v-1.8A5 5 0 0 0 10 3z", "#facc15"), stroke("M8 16h4M8.8 17.8h2.4", "#64748b", "1.4")],
  wrench: [stroke("M4.5 15.5l6-6", "#64748b", "3.4"), stroke("M15.8 7a3.6 3.6 0 1 1-2.8-2.8l-1.8 2 .6 2 2 .6z", "#64748b", "1.8")],
  heart: [shape(HEART, "#e11d48")],
  white_check_mark: disc("#16a34a", TICK),
  grey_question: disc("#64748b", "M7.7 8a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.6M10 14.2v.01"),
  heavy_check_mark: [stroke("M4 10.5l4 4 8-9", "#16a34a", "2.6")],
  x: [stroke("M5 5l10 10M15 5L5 15", "#dc2626", "2.8")],
  no_entry: disc("#dc2626", "M6 10h8"),
  warning: [shape("M10 3l8 14H2z", "#f59e0b"), stroke("M10 8v4M10 14.5v.01", "#3b2500")],
  information_source: disc("#2563eb", "M10 9.5v4.5M10 6.3v.01"),
  large_green_circle: disc("#16a34a"),
  red_circle: disc("#dc2626"),
  large_yellow_circle: disc("#eab308"),
  large_orange_circle: disc("#f97316"),
  large_blue_circle: disc("#2563eb"),
  large_purple_circle: disc("#9333ea"),
  large_red_square: square("#dc2626"),
  large_orange_square: square("#f97316"),
  large_yellow_square: square("#eab308"),
  large_green_square: square("#16a34a"),
  large_blue_square: square("#2563eb"),
  large_purple_square: square("#9333ea"),
  large_brown_square: square("#92400e"),
  black_large_square: square("#111827"),
  white_large_square: square("#f8fafc"),
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
