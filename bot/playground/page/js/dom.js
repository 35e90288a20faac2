// Builds DOM nodes. Text always goes in as text nodes: nothing in this page ever parses a string as HTML.

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * @typedef {object} Props
 * @property {string} [class]
 * @property {Record<string, (event: any) => void>} [on] listeners by event type
 * @property {Record<string, string>} [data] data-* attributes, in camelCase
 * @property {Record<string, string>} [style] CSS properties, set through the object model (so a strict CSP allows them)
 */

/**
 * Makes an element. A property that is null, undefined or false is left out; true becomes an empty attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {(Props & Record<string, any>)|null} [props]
 * @param {...(Child|Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "style") for (const [key, item] of Object.entries(value)) element.style.setProperty(key, String(item));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/**
 * Appends children, flattening lists and leaving out what is empty.
 * @param {Node} parent
 * @param {(Child|Child[])[]} children
 */
export function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false || child === "") continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** @param {...(Child|Child[])} children @returns {DocumentFragment} */
export function fragment(...children) {
  const result = document.createDocumentFragment();
  append(result, children);
  return result;
}

/** Replaces everything in an element. @param {Element} element @param {...(Child|Child[])} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * The element with this ID, which index.html promises to hold.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

let counter = 0;

/** An ID that is unique on this page. @param {string} prefix @returns {string} */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * Puts `fresh` where `old` was and keeps the keyboard focus on the element with the same data-focus-key.
 * @param {Element} old
 * @param {Element} fresh
 */
export function replaceKeepingFocus(old, fresh) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && old.contains(active) ? active.dataset.focusKey : undefined;
  old.replaceWith(fresh);
  if (!key) return;
  const heir = fresh.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
}
