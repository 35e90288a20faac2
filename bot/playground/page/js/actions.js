// Sends what a person did with a block: Slack's block_actions.
/** @import {BlockContext, Value} from "./types.js" */
import { api } from "./api.js";
import { askConfirmation } from "./dialogs.js";
import { store } from "./store.js";
import { attempt } from "./toasts.js";

/** The blocks that a container shows now. @param {BlockContext["container"]} container @returns {any[]} */
function blocksOf(container) {
  if (container.kind === "view") {
    const view = [...store.views, store.home].find((item) => item?.id === container.viewId);
    return view?.blocks ?? [];
  }
  const inChannel = store.messages.get(container.channel)?.get(container.ts);
  const inThread = [...store.replies.values()].map((replies) => replies.get(container.ts)).find(Boolean);
  return (inChannel ?? inThread)?.blocks ?? [];
}

/**
 * @param {BlockContext} context
 * @param {Value & {action_id: string}} action
 * @param {any} [confirm] Slack's confirm object, asked first
 * @returns {Promise<boolean>} whether it was sent and accepted
 */
export async function sendAction(context, action, confirm) {
  if (confirm && !(await askConfirmation(confirm))) return false;
  const { container } = context;
  const where = container.kind === "view" ? { view_id: container.viewId } : { channel: container.channel, message_ts: container.ts };
  const body = { ...where, action: { ...action, block_id: context.blockId }, state: context.form.toState(blocksOf(container)) };
  return (await attempt(() => api.action(body))) !== undefined;
}

/**
 * Keeps a new value and, unless the block is a quiet input, sends it.
 * @param {BlockContext} context
 * @param {any} element
 * @param {Value} value
 * @param {boolean} [send] false: only keep it
 */
export function changeValue(context, element, value, send = true) {
  context.form.set(context.blockId, element.action_id, value);
  if (send && !context.quiet) void sendAction(context, { ...value, action_id: element.action_id }, element.confirm);
}

/**
 * The value an element starts with: what was chosen before this redraw, else what the bot gave.
 * @param {BlockContext} context
 * @param {any} element
 * @param {() => Value} initial
 * @returns {Value}
 */
export function startValue(context, element, initial) {
  const known = context.form.get(context.blockId, element.action_id);
  if (known) return known;
  const value = initial();
  context.form.set(context.blockId, element.action_id, value);
  return value;
}

/** The key by which the focus finds its element again after a redraw. @param {BlockContext} context @param {any} element */
export function focusKey(context, element) {
  return { focusKey: `${context.blockId}/${element.action_id ?? ""}` };
}
