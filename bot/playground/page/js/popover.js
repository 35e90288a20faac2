// Floating panels next to a control: menus and lists of options. The browser's popover does the light dismiss and Escape.
import { h } from "./dom.js";

/** @typedef {{element: HTMLElement, close: () => void}} Popover */

const MARGIN = 8;

/** @param {HTMLElement} element @param {HTMLElement} anchor @param {"start"|"end"} align @param {boolean} sameWidth */
function place(element, anchor, align, sameWidth) {
  const box = anchor.getBoundingClientRect();
  if (sameWidth) element.style.minWidth = `${Math.max(box.width, 180)}px`;
  const below = window.innerHeight - box.bottom - MARGIN;
  const above = box.top - MARGIN;
  const upwards = below < Math.min(element.scrollHeight, 220) && above > below;
  element.style.maxHeight = `${Math.min(360, upwards ? above - 4 : below - 4)}px`;
  const width = element.offsetWidth;
  const wished = align === "end" ? box.right - width : box.left;
  element.style.left = `${Math.max(MARGIN, Math.min(wished, window.innerWidth - width - MARGIN))}px`;
  if (upwards) element.style.top = `${Math.max(MARGIN, box.top - 4 - element.offsetHeight)}px`;
  else element.style.top = `${box.bottom + 4}px`;
}

/**
 * Opens a panel at a control. It closes on Escape, on a press outside and when the control leaves the page.
 * @param {HTMLElement} anchor gets aria-expanded, and the focus back
 * @param {Node} content
 * @param {{align?: "start"|"end", sameWidth?: boolean, class?: string, onClose?: () => void}} [options]
 * @returns {Popover}
 */
export function openPopover(anchor, content, options = {}) {
  const element = h("div", { class: `popover ${options.class ?? ""}`, popover: "auto" }, content);
  const host = anchor.closest("dialog") ?? document.body;
  const reposition = () => place(element, anchor, options.align ?? "start", options.sameWidth ?? false);
  const close = () => element.isConnected && element.hidePopover();
  element.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    window.removeEventListener("resize", reposition);
    anchor.setAttribute("aria-expanded", "false");
    const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
    element.remove();
    if (hadFocus && anchor.isConnected) anchor.focus({ preventScroll: true });
    options.onClose?.();
  });
  host.append(element);
  element.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  reposition();
  window.addEventListener("resize", reposition); // not closed: on some phones the keyboard of a filter resizes the window
  return { element, close };
}

/** @typedef {{label: Node|string, name?: string, description?: string, danger?: boolean, checked?: boolean, group?: string, run: () => void}} MenuItem */

/**
 * A menu with arrow keys.
 * @param {HTMLElement} anchor
 * @param {MenuItem[]} items
 * @param {{align?: "start"|"end", label: string, class?: string}} options
 */
export function openMenu(anchor, items, options) {
  const list = h("div", { class: `menu ${options.class ?? ""}`, role: "menu", "aria-label": options.label, on: { keydown: moveInMenu } });
  let group = "";
  for (const item of items) {
    if (item.group && item.group !== group) list.append(h("p", { class: "menu-group", role: "presentation" }, item.group));
    group = item.group ?? group;
    const choose = () => {
      popover.close();
      item.run();
    };
    const checked = item.checked === undefined ? null : String(item.checked);
    list.append(h(
      "button",
      { class: item.danger ? "menu-item danger" : "menu-item", type: "button", role: checked ? "menuitemradio" : "menuitem", "aria-checked": checked, "aria-label": item.name, title: item.name, on: { click: choose } },
      h("span", { class: "menu-label" }, item.label),
      item.description ? h("span", { class: "menu-description" }, item.description) : null,
    ));
  }
  const popover = openPopover(anchor, list, { align: options.align });
  list.querySelector("button")?.focus();
}

/** @param {KeyboardEvent} event */
function moveInMenu(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const next = (at + 1) % items.length;
  const previous = (at - 1 + items.length) % items.length;
  const target = { ArrowDown: next, ArrowRight: next, ArrowUp: previous, ArrowLeft: previous, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[target]?.focus();
}
