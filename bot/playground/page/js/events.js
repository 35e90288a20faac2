// The stream of events: kept open, taken up again where it broke, and applied to the store.
/** @import {Message, Channel} from "./types.js" */
import { forgetForm } from "./form_state.js";
import { inChannel, loadState, reload, setBedrock } from "./loading.js";
import { announce, authorOf, store, threadKey } from "./store.js";

const RETRY_FIRST = 500;
const RETRY_MOST = 5000;

/** @param {string} channel @param {Message} message */
function putMessage(channel, message) {
  const thread = threadKey(channel, message.thread_ts ?? message.ts);
  if (inChannel(message)) {
    store.messages.get(channel)?.set(message.ts, message);
    store.arriving.get(threadKey(channel, null))?.set(message.ts, message);
  }
  store.replies.get(thread)?.set(message.ts, message);
  store.arriving.get(thread)?.set(message.ts, message);
  announce("messages", { channel });
}

/** @param {string} channel @param {Message} message */
function markUnread(channel, message) {
  const known = store.channels.get(channel);
  const open = store.location.channel === channel && !store.location.home && !document.hidden;
  if (!known || open || authorOf(message) === store.me || !inChannel(message)) return;
  store.channels.set(channel, { ...known, unread: Number(known.unread) + 1 });
  announce("channels");
}

/** @param {string} channel @param {string} ts */
function removeMessage(channel, ts) {
  store.messages.get(channel)?.delete(ts);
  for (const [key, thread] of store.replies) if (key.startsWith(`${channel}/`)) thread.delete(ts);
  for (const [key, arrived] of store.arriving) if (key.startsWith(`${channel}/`)) arrived.set(ts, null);
  forgetForm({ kind: "message", channel, ts });
  announce("messages", { channel });
}

/** @param {{channel: string, ts: string, name: string, users: string[]}} event */
function react(event) {
  const maps = [store.messages.get(event.channel), ...[...store.replies].filter(([key]) => key.startsWith(`${event.channel}/`)).map(([, map]) => map)];
  for (const map of maps) {
    const message = map?.get(event.ts);
    if (!message) continue;
    const others = (message.reactions ?? []).filter((reaction) => reaction.name !== event.name);
    const known = (message.reactions ?? []).findIndex((reaction) => reaction.name === event.name);
    const fresh = event.users.length ? [{ name: event.name, users: event.users }] : [];
    others.splice(known < 0 ? others.length : known, 0, ...fresh);
    map?.set(event.ts, { ...message, reactions: others });
  }
  announce("messages", { channel: event.channel });
}

/** @param {any} view */
export function updateView(view) {
  store.views = store.views.map((known) => (known.id === view.id ? view : known));
  announce("views");
}

/** @param {string} viewId */
export function removeView(viewId) {
  forgetForm({ kind: "view", viewId });
  store.views = store.views.filter((view) => view.id !== viewId);
  announce("views");
}

/** @param {any} view @param {boolean} push on top of what is open, or instead of it */
export function addView(view, push) {
  if (!push) for (const known of store.views) forgetForm({ kind: "view", viewId: known.id });
  const below = push ? store.views.filter((known) => known.id !== view.id) : [];
  store.views = [...below, view];
  announce("views");
}

/** @type {Record<string, (event: any) => void>} */
const APPLY = {
  message: (event) => {
    putMessage(event.channel, event.message);
    markUnread(event.channel, event.message);
  },
  message_changed: (event) => putMessage(event.channel, event.message),
  message_deleted: (event) => removeMessage(event.channel, event.ts),
  ephemeral: (event) => putMessage(event.channel, { ...event.message, ephemeral: true }),
  ephemeral_deleted: (event) => removeMessage(event.channel, event.ts),
  reaction: react,
  view_opened: (event) => addView(event.view, false),
  view_pushed: (event) => addView(event.view, true),
  view_updated: (event) => updateView(event.view),
  view_closed: (event) => removeView(event.view_id),
  home: (event) => {
    store.home = event.view;
    announce("home");
  },
  status: (event) => {
    const key = threadKey(event.channel, event.thread_ts);
    if (event.status) store.statuses.set(key, { status: event.status, loading: event.loading_messages ?? [] });
    else store.statuses.delete(key);
    announce("status", { channel: event.channel });
  },
  session: (event) => {
    const key = threadKey(event.channel, event.thread_ts);
    if (event.processing) store.sessions.set(key, event.stoppable);
    else store.sessions.delete(key);
    announce("status", { channel: event.channel });
  },
  prompts: (event) => {
    store.prompts.set(event.channel, { title: event.title, prompts: event.prompts });
    announce("prompts");
  },
  channel: (event) => {
    const channel = /** @type {Channel} */ (event.channel);
    if (!channel.kind) return void loadState(store.me); // Slack's own shape: what it means for this person is read anew
    store.channels.set(channel.id, { ...store.channels.get(channel.id), ...channel });
    announce("channels");
  },
  reload: () => void loadState(store.me).then(reload),
  bedrock: (event) => setBedrock(event.bedrock),
  bot: (event) => {
    store.botConnected = event.connected;
    announce("bot");
  },
};

/** @param {any} event */
export function applyEvent(event) {
  APPLY[event.type]?.(event);
}

/**
 * Follows the stream for as long as the page lives. After a break it waits, reads the state again and goes on.
 * @param {number} first the number of the last event that is already known
 * @param {(connected: boolean) => void} tell
 */
export function follow(first, tell) {
  let seq = first;
  let wait = RETRY_FIRST;
  const connect = () => {
    const source = new EventSource(`/playground/events?${new URLSearchParams({ as: store.me, since: String(seq) })}`);
    source.onopen = () => {
      wait = RETRY_FIRST;
      tell(true);
    };
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      if (event.seq <= seq) return;
      seq = event.seq;
      applyEvent(event);
    };
    source.onerror = () => {
      source.close();
      tell(false);
      setTimeout(() => void again(), wait);
      wait = Math.min(RETRY_MOST, wait * 2);
    };
  };
  const again = async () => {
    try {
      seq = await loadState(store.me);
      await reload();
      connect();
    } catch {
      setTimeout(() => void again(), wait);
      wait = Math.min(RETRY_MOST, wait * 2);
    }
  };
  connect();
}
