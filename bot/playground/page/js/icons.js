// Line icons on a 20 x 20 grid, drawn for this page.

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const PATHS = {
  attach: "M14.5 8.5l-5.3 5.3a2.6 2.6 0 0 1-3.7-3.7l6.2-6.2a3.6 3.6 0 0 1 5.1 5.1l-6.3 6.3a5 5 0 0 1-7-7l4.6-4.7",
  back: "M11.5 4.5L6 10l5.5 5.5M6.5 10H17",
  check: "M4.5 10.5l3.7 3.7 7.3-8.4",
  chevron: "M5.5 7.8L10 12.3l4.5-4.5",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h8.5v9.5H7zM4.5 13V3.5H13",
  download: "M10 3.5v9M6.2 9l3.8 3.8L13.8 9M4 16.5h12",
  eye: "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  file: "M5 2.8h6.2L15 6.6v10.6H5zM11 3v4h4M7.5 10.5h5M7.5 13.5h5",
  hash: "M8 3.5L6.3 16.5M13.7 3.5L12 16.5M4 7.5h12.5M3.5 12.5H16",
  link: "M8.5 11.5l3-3M9.5 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M10.5 13.5l-2 2A3.2 3.2 0 0 1 4 11l2-2",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  mention: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 7v4c0 2 3.5 2 3.5-1A6.5 6.5 0 1 0 13.5 15.5",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  moon: "M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8z",
  more: "M10 5v.01M10 10v.01M10 15v.01",
  pause: "M7.5 5v10M12.5 5v10",
  play: "M7 4.8v10.4l8.2-5.2z",
  reply: "M3.5 4.5h13v9H10l-3.5 3v-3h-3z",
  send: "M3.5 4l13 6-13 6 1.8-6zM5.5 10h6",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7 11.5c.6 1.2 1.7 2 3 2s2.4-.8 3-2M7.7 8v.01M12.3 8v.01",
  slash: "M12.5 3.5l-5 13",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2.5v1.3M10 16.2v1.3M2.5 10h1.3M16.2 10h1.3M4.7 4.7l.9.9M14.4 14.4l.9.9M4.7 15.3l.9-.9M14.4 5.6l.9-.9",
  tune: "M6.5 3.5v5a3.5 3.5 0 0 0 7 0v-5M10 12v5",
  warning: "M10 3.5L17.5 16.5h-15zM10 8.5v3.5M10 14.3v.01",
};

/**
 * A decorative icon; the control that holds it carries the name.
 * @param {keyof typeof PATHS & string} name
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.appendChild(path);
  return svg;
}

/**
 * A small drawing from circles and paths, each with its own fill or stroke.
 * @param {string} className
 * @param {{tag: "circle"|"path"|"rect", attributes: Record<string, string>}[]} shapes
 * @returns {SVGSVGElement}
 */
export function drawing(className, shapes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", className);
  for (const { tag, attributes } of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.appendChild(shape);
  }
  return svg;
}
