// "Tunesmith is thinking…": the line above a composer, with the app's own loading messages in turn, and the button
// that stops the app: Slack shows it while the thread's session is processing, whether or not an answer is streamed
// (docs.slack.dev/reference/events/agent_session_stopped).
import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { whileBusy } from "./buttons.js";
import { fill, h } from "./dom.js";
import { store, threadKey } from "./store.js";
import { attempt } from "./toasts.js";

const TURN = 2500;

/** @returns {{element: HTMLElement, show: (channel: string, thread: string|null) => void}} */
export function statusLine() {
  const element = h("p", { class: "status", role: "status" });
  let shown = "";
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;

  const show = (/** @type {string} */ channel, /** @type {string|null} */ thread) => {
    const stoppable = store.sessions.get(threadKey(channel, thread));
    const working = stoppable === undefined ? undefined : { status: "is working…", loading: [] };
    const status = store.statuses.get(threadKey(channel, thread)) ?? working;
    const key = status ? `${channel}/${thread}/${status.status}/${status.loading.join("|")}/${stoppable}` : "";
    if (key === shown) return;
    shown = key;
    clearInterval(timer);
    if (!status) return fill(element);
    const text = h("span", null, status.loading[0] ?? `${store.app.name} ${status.status}`);
    fill(
      element, avatar(store.people.get(store.app.bot_user_id), "avatar-tiny"), text,
      h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), stoppable && thread ? stopButton(channel, thread) : null,
    );
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

/** @param {string} channel @param {string} thread @returns {HTMLElement} */
function stopButton(channel, thread) {
  const stop = () => void whileBusy(button, () => attempt(() => api.stopSession(channel, thread)));
  const button = /** @type {HTMLButtonElement} */ (h("button", { class: "button button-small stop", type: "button", on: { click: stop } }, h("span", { class: "stop-square", "aria-hidden": "true" }), "Stop"));
  return button;
}
