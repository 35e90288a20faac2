// What the page knows. Views read it and listen to topics; only events.js, routes and loaders write it.
/** @import {Person, Channel, Command, Shortcut, Bedrock, Message, View} from "./types.js" */

/** @typedef {{channel: string|null, thread: string|null, home: boolean}} Location */
/** @typedef {{status: string, loading: string[]}} Status */
/** @typedef {{title: string, prompts: {title: string, message: string}[]}} Prompts */

export const store = {
  me: "",
  team: { id: "", name: "Playground", domain: "" },
  app: { id: "", name: "Tunesmith", bot_user_id: "" },
  /** @type {Map<string, Person>} */
  people: new Map(),
  /** @type {Map<string, Channel>} */
  channels: new Map(),
  /** @type {Command[]} */
  commands: [],
  /** @type {Shortcut[]} */
  shortcuts: [],
  /** @type {Bedrock|null} */
  bedrock: null,
  /** When `bedrock` was read, in milliseconds of performance.now(). */
  bedrockReadAt: 0,
  /** Messages of a channel by ts, thread replies left out. @type {Map<string, Map<string, Message>>} */
  messages: new Map(),
  /** Replies of a thread by ts, the parent included; the key is threadKey(). @type {Map<string, Map<string, Message>>} */
  replies: new Map(),
  /**
   * What events said of a channel or thread while it was being read, by threadKey(); null is a deletion. It is newer than the answer.
   * @type {Map<string, Map<string, Message|null>>}
   */
  arriving: new Map(),
  /** "is thinking…" by threadKey(). @type {Map<string, Status>} */
  statuses: new Map(),
  /** Where the app is at work, by threadKey(); true when a person can stop it. @type {Map<string, boolean>} */
  sessions: new Map(),
  /** @type {Map<string, Prompts>} */
  prompts: new Map(),
  /** @type {View|null} */
  home: null,
  /** The stack of open modals, the top one last. @type {View[]} */
  views: [],
  /** @type {Location} */
  location: { channel: null, thread: null, home: false },
  botConnected: true,
};

/** @param {string} channel @param {string|null|undefined} threadTs @returns {string} */
export function threadKey(channel, threadTs) {
  return `${channel}/${threadTs ?? ""}`;
}

/** @typedef {"channels"|"messages"|"location"|"views"|"home"|"bedrock"|"status"|"prompts"|"bot"|"loaded"} Topic */

/** @type {Map<Topic, Set<(detail?: any) => void>>} */
const listeners = new Map();

/** @param {Topic} topic @param {(detail?: any) => void} listener */
export function listen(topic, listener) {
  const known = listeners.get(topic) ?? new Set();
  known.add(listener);
  listeners.set(topic, known);
}

/** @param {Topic} topic @param {unknown} [detail] */
export function announce(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The person's name as it is shown. @param {string|undefined} id @returns {string} */
export function personName(id) {
  const person = id ? store.people.get(id) : undefined;
  return person ? person.real_name || person.name : "Somebody";
}

/** A channel's name as it is shown, without the hash. @param {Channel} channel @returns {string} */
export function channelName(channel) {
  return channel.kind === "im" ? personName(channel.person) : channel.name;
}

/** The direct message with the bot, if there is one. @returns {Channel|undefined} */
export function botChannel() {
  return [...store.channels.values()].find((channel) => isBotChannel(channel));
}

/** @param {Channel|undefined} channel @returns {boolean} */
export function isBotChannel(channel) {
  return channel?.kind === "im" && channel.person === store.app.bot_user_id;
}

/** Whose message it is: a user ID, the bot's own for a message that carries only a bot ID. @param {Message} message */
export function authorOf(message) {
  return message.user || (message.bot_id ? store.app.bot_user_id : "");
}
