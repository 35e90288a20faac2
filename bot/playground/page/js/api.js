// Calls to the playground's server. Every call is same-origin; `as` is added by itself.
import { store } from "./store.js";

/** The server's refusal, in a sentence for a person. */
export class Refusal extends Error {}

const UNREACHABLE = "The playground does not answer. Is it still running in your terminal?";

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>} the answer, which is known to be ok
 * @throws {Refusal} with the server's sentence, or one about the server being out of reach
 */
async function call(path, init) {
  let answer;
  try {
    const response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init?.headers } });
    answer = await response.json();
  } catch {
    throw new Refusal(UNREACHABLE);
  }
  if (!answer.ok) throw new Refusal(answer.error || "The playground refused that without saying why.");
  return answer;
}

/** @param {string} name @param {Record<string, string>} [query] */
function get(name, query = {}) {
  return call(`/playground/${name}?${new URLSearchParams({ as: store.me, ...query })}`);
}

/** @param {string} name @param {Record<string, unknown>} body */
function send(name, body) {
  return call(`/playground/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** @param {string} name @param {Record<string, unknown>} body */
function post(name, body) {
  return send(name, { as: store.me, ...body });
}

export const api = {
  /** @param {string|null} as */
  state: (as) => call(`/playground/state${as ? `?${new URLSearchParams({ as })}` : ""}`),
  /** @param {string} channel */
  history: (channel) => get("history", { channel }),
  /** @param {string} channel @param {string} ts */
  replies: (channel, ts) => get("replies", { channel, ts }),
  /** @param {string} channel @param {string|null} threadTs @param {string} text */
  message: (channel, threadTs, text) => post("message", { channel, text, ...(threadTs && { thread_ts: threadTs }) }),
  /** @param {Record<string, unknown>} body */
  action: (body) => post("action", body),
  /** @param {string} callbackId @param {{channel: string, message_ts: string}|{}} where */
  shortcut: (callbackId, where) => post("shortcut", { callback_id: callbackId, ...where }),
  /** @param {string} viewId @param {{values: any}} state */
  submit: (viewId, state) => post("view/submit", { view_id: viewId, state }),
  /** Closes a view and those on top of it. @param {string} viewId @param {{values: any}} state */
  close: (viewId, state) => post("view/close", { view_id: viewId, state }),
  /** @param {"home"|"messages"} tab */
  home: (tab) => post("home", { tab }),
  /** @param {string} channel @param {string} ts @param {string} name */
  react: (channel, ts, name) => post("react", { channel, ts, name }),
  /** @param {string} person */
  dm: (person) => post("dm", { with: person }),
  /** @param {string} channel @param {string} message */
  prompt: (channel, message) => post("prompt", { channel, message }),
  /** @param {string} channel @param {string} threadTs */
  stopSession: (channel, threadTs) => post("stop_session", { channel, thread_ts: threadTs }),
  bedrock: () => get("bedrock"),
  /** @param {Record<string, unknown>} change */
  changeBedrock: (change) => send("bedrock", change), // everybody's clock: no `as`
  /**
   * Uploads files; without a channel they are only stored, for a modal.
   * @param {File[]} files
   * @param {{channel?: string, thread_ts?: string|null, text?: string}} [where]
   */
  upload(files, where = {}) {
    const form = new FormData();
    form.set("as", store.me);
    for (const [name, value] of Object.entries(where)) if (value) form.set(name, value);
    for (const file of files) form.append("file", file, file.name);
    return call("/playground/upload", { method: "POST", body: form });
  },
};

/** The address of a file's bytes. @param {string} id @returns {string} */
export function fileAddress(id) {
  return `/playground/file/${encodeURIComponent(id)}?${new URLSearchParams({ as: store.me })}`;
}
