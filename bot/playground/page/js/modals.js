// Modals: the view on top of the stack, its errors, and what happens on submit and close.
/** @import {View} from "./types.js" */
import { Refusal, api } from "./api.js";
import { blocksNode } from "./blocks.js";
import { whileBusy } from "./buttons.js";
import { fill, h } from "./dom.js";
import { addView, removeView, updateView } from "./events.js";
import { formOf } from "./form_state.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { listen, store } from "./store.js";
import { attempt } from "./toasts.js";
import { missing } from "./validation.js";

/** @returns {View|undefined} */
const top = () => store.views.at(-1);

/** @param {View} view */
const stateOf = (view) => formOf({ kind: "view", viewId: view.id }).toState(view.blocks);

export function startModals() {
  const title = h("h2", { id: "modal-title" });
  const body = h("div", { class: "modal-body" });
  const footer = h("footer", { class: "modal-footer" });
  const notice = h("p", { class: "modal-error", role: "alert", hidden: true });
  const cross = h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: () => void closeAll() } }, icon("close"));
  const form = h("form", { class: "modal-form", novalidate: true, on: { submit: (/** @type {Event} */ event) => void submit(event) } },
    h("header", { class: "modal-header" }, title, cross), notice, body, footer);
  const dialog = h("dialog", { class: "modal", id: "modal", "aria-labelledby": "modal-title", on: { cancel: (/** @type {Event} */ event) => void cancelled(event) } }, form);
  document.body.append(dialog);
  /** @type {Record<string, string>} */
  let errors = {};
  let shownId = "";
  /** @type {HTMLButtonElement|null} */
  let submitButton = null;

  const draw = () => {
    const view = top();
    if (!view) {
      shownId = "";
      if (dialog.open) dialog.close();
      return fill(body);
    }
    const fresh = view.id !== shownId;
    if (fresh) tell({}, "");
    shownId = view.id;
    drawView(view, fresh);
  };
  /** @param {View} view @param {boolean} fresh */
  const drawView = (view, fresh) => {
    const focused = document.activeElement instanceof HTMLElement && body.contains(document.activeElement) ? document.activeElement.dataset.focusKey : undefined;
    const scroll = fresh ? 0 : body.scrollTop;
    fill(title, plainText(view.title ?? store.app.name));
    fill(body, blocksNode(view.blocks, { kind: "view", viewId: view.id }, errors));
    submitButton = view.submit || view.blocks.some((block) => block.type === "input")
      ? h("button", { class: "button button-primary", type: "submit" }, plainText(view.submit ?? "Submit")) : null;
    fill(footer,
      h("button", { class: "button", type: "button", on: { click: () => void closeTop() } }, plainText(view.close ?? (store.views.length > 1 ? "Back" : "Close"))),
      submitButton);
    if (!dialog.open) dialog.showModal();
    body.scrollTop = scroll;
    const again = focused && body.querySelector(`[data-focus-key="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    else if (fresh) firstField()?.focus();
  };
  /** @returns {HTMLElement|null} */
  const firstField = () => body.querySelector("[autofocus]") ?? body.querySelector("input:not([type=file]), textarea, .select, button");

  /** @param {Record<string, string>} byBlock @param {string} general */
  const tell = (byBlock, general) => {
    errors = byBlock;
    notice.hidden = !general;
    notice.textContent = general;
  };
  /** Shows errors under their inputs, and anything else on top. @param {View} view @param {Record<string, string>} byBlock */
  const refuse = (view, byBlock) => {
    const shown = new Set(view.blocks.map((block) => block.block_id));
    const elsewhere = Object.entries(byBlock).filter(([id]) => !shown.has(id)).map(([, text]) => text);
    tell(byBlock, elsewhere.join(" "));
    drawView(view, false);
    const first = body.querySelector(".has-error");
    first?.scrollIntoView({ block: "nearest" });
    const field = first?.querySelector("input, textarea, button");
    if (field instanceof HTMLElement) field.focus({ preventScroll: true });
  };
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    const view = top();
    const button = submitButton;
    if (!view || !button) return;
    const state = stateOf(view);
    const gaps = missing(view.blocks, state.values);
    if (Object.keys(gaps).length) return refuse(view, gaps);
    tell({}, "");
    form.setAttribute("aria-busy", "true");
    try {
      await whileBusy(button, async () => settle(view, await api.submit(view.id, state)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tell({}, error.message);
    } finally {
      form.removeAttribute("aria-busy");
    }
  };
  /** Does what the bot answered. @param {View} view @param {any} answer */
  const settle = (view, answer) => {
    switch (answer.response_action) {
      case "errors": return refuse(view, answer.errors ?? {});
      case "update": return updateView({ ...answer.view });
      case "push": return addView(answer.view, true);
      case "clear": return [...store.views].reverse().forEach((item) => removeView(item.id));
      default: return removeView(view.id);
    }
  };
  /** @param {View|undefined} view closed with all that lie on it */
  const close = async (view) => {
    if (!view) return;
    const state = stateOf(view);
    for (const item of store.views.slice(store.views.indexOf(view)).reverse()) removeView(item.id);
    await attempt(() => api.close(view.id, state));
  };
  const closeTop = () => close(top());
  const closeAll = () => close(store.views[0]);
  /** Escape. @param {Event} event */
  const cancelled = (event) => {
    event.preventDefault();
    return closeTop();
  };
  listen("views", draw);
  draw();
}
