// App Home: the view that the bot published for this person.
import { api } from "./api.js";
import { blocksNode } from "./blocks.js";
import { fill, h } from "./dom.js";
import { announce, listen, store } from "./store.js";
import { attempt } from "./toasts.js";

/** @param {HTMLElement} element */
export function startHome(element) {
  let open = false;
  const draw = () => {
    const focused = document.activeElement instanceof HTMLElement && element.contains(document.activeElement) ? document.activeElement.dataset.focusKey : undefined;
    const view = store.home;
    fill(element, view
      ? h("div", { class: "home-blocks" }, blocksNode(view.blocks, { kind: "view", viewId: view.id }))
      : h("p", { class: "home-empty" }, `${store.app.name} has not set up its Home for you yet.`));
    if (focused) element.querySelector(/** @type {any} */ (`[data-focus-key="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  };
  const move = async () => {
    if (!store.location.home) {
      open = false;
      return;
    }
    if (open) return;
    open = true;
    draw();
    const answer = await attempt(() => api.home("home"));
    if (answer?.view) {
      store.home = answer.view;
      announce("home");
    }
  };
  listen("location", () => void move());
  listen("home", draw);
}
