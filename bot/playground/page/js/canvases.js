// A canvas, opened over the page where its link is, as Slack opens one beside the conversation.
import { fileAddress } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";

const MISSING = "That canvas does not exist, or you may not see it.";

/** The canvas that an address means; null for any other. @param {URL} address @returns {string|null} */
function canvasOf(address) {
  if (address.origin !== location.origin) return null;
  return /^\/docs\/\w+\/(F\w+)$/.exec(address.pathname)?.[1] ?? null;
}

/** @param {string} id @returns {Promise<string>} its Markdown, or why it is not shown */
async function read(id) {
  try {
    const answer = await fetch(fileAddress(id));
    return answer.ok ? await answer.text() : MISSING;
  } catch {
    return "The playground does not answer. Is it still running in your terminal?";
  }
}

/** @param {string} id */
async function open(id) {
  const text = await read(id);
  const dialog = h(
    "dialog",
    { class: "modal canvas", "aria-labelledby": "canvas-title", on: { close: () => dialog.remove() } },
    h("header", { class: "modal-header" },
      h("h2", { id: "canvas-title" }, "Canvas"),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"))),
    h("div", { class: "modal-body text", tabindex: "0", autofocus: true }, markdown(text)),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const id = link && !event.metaKey && !event.ctrlKey ? canvasOf(new URL(link.href, location.href)) : null;
  if (!id) return;
  event.preventDefault();
  void open(id);
}

/** Opens links to canvases here from now on, and the one that the address itself means. */
export function startCanvases() {
  const opened = canvasOf(new URL(location.href));
  document.addEventListener("click", follow);
  if (!opened) return;
  history.replaceState(null, "", "/");
  void open(opened);
}
