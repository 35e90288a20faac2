// Short notices in the corner; an error carries the server's own sentence.
import { Refusal } from "./api.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_FOR = 9000;

/** @param {string} text @param {"error"|"note"} [kind] */
export function toast(text, kind = "note") {
  const list = byId("toasts");
  const dismiss = () => {
    item.remove();
    if (!list.childElementCount && list.matches(":popover-open")) list.hidePopover();
  };
  const close = h("button", { class: "icon-button", type: "button", "aria-label": "Dismiss", on: { click: dismiss } }, icon("close"));
  const item = h("div", { class: `toast toast-${kind}` }, icon(kind === "error" ? "warning" : "check"), h("p", null, text), close);
  if (list.matches(":popover-open")) list.hidePopover();
  list.showPopover(); // shown anew, so that it lies above a modal that was opened meanwhile
  list.append(item);
  setTimeout(dismiss, SHOWN_FOR);
}

/**
 * Runs a call and shows a refusal as a toast.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T|undefined>} undefined when it was refused
 */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast(error.message, "error");
    return undefined;
  }
}
