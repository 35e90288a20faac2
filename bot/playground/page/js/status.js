// "Tunesmith is thinking…": the line above a composer, with the app's own loading messages in turn.
import { avatar } from "./avatars.js";
import { fill, h } from "./dom.js";
import { store, threadKey } from "./store.js";

const TURN = 2500;

/** @returns {{element: HTMLElement, show: (channel: string, thread: string|null) => void}} */
export function statusLine() {
  const element = h("p", { class: "status", role: "status" });
  let shown = "";
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;

  const show = (/** @type {string} */ channel, /** @type {string|null} */ thread) => {
    const status = store.statuses.get(threadKey(channel, thread));
    const key = status ? `${channel}/${thread}/${status.status}/${status.loading.join("|")}` : "";
    if (key === shown) return;
    shown = key;
    clearInterval(timer);
    if (!status) return fill(element);
    const text = h("span", null, status.loading[0] ?? `${store.app.name} ${status.status}`);
    fill(element, avatar(store.people.get(store.app.bot_user_id), "avatar-tiny"), text, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")));
    let turn = 0;
    if (status.loading.length > 1) {
      timer = setInterval(() => {
        turn = (turn + 1) % status.loading.length;
        text.textContent = status.loading[turn] ?? "";
      }, TURN);
    }
  };
  return { element, show };
}
