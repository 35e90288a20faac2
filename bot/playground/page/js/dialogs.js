// The confirmation dialog of Block Kit's `confirm` object.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plainText, textObject } from "./mrkdwn.js";

/**
 * Asks; Escape and the cross mean no.
 * @param {any} confirm Slack's confirm object
 * @returns {Promise<boolean>}
 */
export function askConfirmation(confirm) {
  const { promise, resolve } = withResolvers();
  const answer = (/** @type {boolean} */ yes) => {
    resolve(yes);
    dialog.close();
  };
  const accept = confirm.style === "danger" ? "button button-danger-solid" : "button button-primary";
  const dialog = h(
    "dialog",
    { class: "modal modal-small", "aria-labelledby": "confirm-title", on: { cancel: () => resolve(false), close: () => dialog.remove() } },
    h("header", { class: "modal-header" },
      h("h2", { id: "confirm-title" }, plainText(confirm.title ?? "Are you sure?")),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: () => answer(false) } }, icon("close"))),
    h("div", { class: "modal-body text" }, textObject(confirm.text)),
    h("footer", { class: "modal-footer" },
      h("button", { class: "button", type: "button", on: { click: () => answer(false) } }, plainText(confirm.deny ?? "Cancel")),
      h("button", { class: accept, type: "button", autofocus: true, on: { click: () => answer(true) } }, plainText(confirm.confirm ?? "Yes"))),
  );
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

/** @returns {{promise: Promise<boolean>, resolve: (value: boolean) => void}} */
function withResolvers() {
  /** @type {(value: boolean) => void} */
  let resolve = () => undefined;
  const promise = new Promise((/** @type {(value: boolean) => void} */ done) => {
    resolve = done;
  });
  return { promise, resolve };
}
