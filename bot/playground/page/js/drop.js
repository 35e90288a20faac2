// Files dropped anywhere on a pane go to its composer.
/** @import {Composer} from "./composer.js" */
import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {HTMLElement} pane
 * @param {Composer} composer
 * @param {() => string} label where the files would go, in words
 */
export function acceptDrops(pane, composer, label) {
  const text = h("b", null);
  const veil = h("div", { class: "drop-veil", "aria-hidden": "true", hidden: true }, h("div", null, icon("attach"), text));
  pane.append(veil);
  const hasFiles = (/** @type {DragEvent} */ event) => Boolean(event.dataTransfer?.types.includes("Files")) && composer.target !== null;
  pane.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    text.textContent = label();
    veil.hidden = false;
  });
  pane.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node && pane.contains(event.relatedTarget))) veil.hidden = true;
  });
  pane.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    composer.attach(event.dataTransfer?.files ?? []);
  });
}
