// Reads from the server into the store.
/** @import {Message} from "./types.js" */
import { api } from "./api.js";
import { announce, store, threadKey } from "./store.js";
import { attempt } from "./toasts.js";

/** @param {Iterable<{id: string}>} items @returns {Map<string, any>} */
const byId = (items) => new Map([...items].map((item) => [item.id, item]));

/** @param {Iterable<Message>} messages @returns {Map<string, Message>} */
const byTs = (messages) => new Map([...messages].map((message) => [message.ts, message]));

/**
 * Everything but messages.
 * @param {string|null} as
 * @returns {Promise<number>} the number of the last event that it reflects
 */
export async function loadState(as) {
  const state = await api.state(as);
  store.me = typeof state.me === "string" ? state.me : state.me.id;
  Object.assign(store, { team: state.team, app: state.app, commands: state.commands, shortcuts: state.shortcuts });
  store.people = byId(state.people);
  store.channels = byId(state.channels);
  store.prompts = new Map(Object.entries(state.prompts ?? {}));
  store.sessions = new Map((state.sessions ?? []).filter((/** @type {any} */ session) => session.processing).map((/** @type {any} */ session) => [threadKey(session.channel, session.thread_ts), session.stoppable]));
  store.views = state.views ?? store.views;
  store.botConnected = state.bot?.connected ?? true;
  setBedrock(state.bedrock);
  for (const topic of /** @type {const} */ (["channels", "views", "prompts", "bot", "status"])) announce(topic);
  return state.seq;
}

/** @param {any} bedrock */
export function setBedrock(bedrock) {
  store.bedrock = bedrock;
  store.bedrockReadAt = performance.now();
  announce("bedrock");
}

/**
 * Reads messages, and applies to them what events said meanwhile.
 * @param {string} key threadKey() of what is read
 * @param {() => Promise<{messages: Message[]}>} read
 * @returns {Promise<Map<string, Message>|null>} null when it was refused
 */
async function readMessages(key, read) {
  const arrived = new Map();
  store.arriving.set(key, arrived);
  const answer = await attempt(read);
  if (store.arriving.get(key) === arrived) store.arriving.delete(key);
  if (!answer) return null;
  const messages = byTs(answer.messages);
  for (const [ts, message] of arrived) {
    if (message) messages.set(ts, message);
    else messages.delete(ts);
  }
  return messages;
}

/** @param {string} channel */
export async function loadHistory(channel) {
  const messages = await readMessages(threadKey(channel, null), () => api.history(channel));
  if (!messages) return;
  store.messages.set(channel, new Map([...messages].filter(([, message]) => inChannel(message))));
  const known = store.channels.get(channel);
  if (known?.unread) {
    store.channels.set(channel, { ...known, unread: 0 });
    announce("channels");
  }
  announce("messages", { channel });
}

/** @param {string} channel @param {string} ts */
export async function loadReplies(channel, ts) {
  const messages = await readMessages(threadKey(channel, ts), () => api.replies(channel, ts));
  if (!messages) return;
  store.replies.set(threadKey(channel, ts), messages);
  announce("messages", { channel });
}

/** Whether a message stands in the channel itself: no reply, or a reply that was also sent there. @param {Message} message */
export function inChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}

/** What may have been missed while the connection was down. */
export async function reload() {
  store.messages.clear();
  store.replies.clear();
  const { channel, thread } = store.location;
  await Promise.all([channel && loadHistory(channel), channel && thread && loadReplies(channel, thread)]);
}
