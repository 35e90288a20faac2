// The shapes that cross between the page and the playground; PROTOCOL.md is the contract. Types only.

/** @typedef {{id: string, name: string, real_name: string, role: string|null, is_bot: boolean, color: string, initials: string}} Person */
/** @typedef {{id: string, name: string, kind: "channel"|"im", private: boolean, topic: string, is_member: boolean, bot_is_member: boolean, unread: number|boolean, person?: string}} Channel */
/** @typedef {{command: string, description: string, usage_hint: string}} Command */
/** @typedef {{callback_id: string, name: string, type: "message"|"global"}} Shortcut */
/** @typedef {{operation: string, kind: string, times: number}} Fault */
/** @typedef {{kind: string, label: string, operations: string[]}} FaultKind */
/**
 * @typedef {object} Bedrock
 * @property {string} now ISO 8601, on the stand-in's own clock
 * @property {number} speed seconds of the stand-in per second
 * @property {boolean} paused
 * @property {"open"|"ended"} lifecycle
 * @property {Record<string, any>[]} jobs
 * @property {Record<string, any>[]} throughputs
 * @property {Record<string, any>[]} deployments
 * @property {Fault[]} faults
 * @property {FaultKind[]} fault_kinds
 */
/**
 * Slack's file object, as far as the page uses it.
 * @typedef {{id: string, name?: string, title?: string, mimetype?: string, filetype?: string, pretty_type?: string, size?: number, preview?: string, user?: string}} SlackFile
 */
/**
 * Slack's message object with the playground's additions.
 * @typedef {object} Message
 * @property {string} ts
 * @property {string} [thread_ts]
 * @property {string} [user]
 * @property {string} [bot_id]
 * @property {string} [username]
 * @property {string} [subtype]
 * @property {string} text
 * @property {any[]} [blocks]
 * @property {any[]} [attachments]
 * @property {SlackFile[]} [files]
 * @property {{name: string, users: string[], count?: number}[]} [reactions]
 * @property {string[]} [pinned_to]
 * @property {{ts: string, user?: string}} [edited]
 * @property {boolean} [ephemeral]
 * @property {boolean} [streaming]
 * @property {number} [reply_count]
 * @property {string[]} [reply_users]
 * @property {string} [latest_reply]
 */
/**
 * @typedef {object} View
 * @property {string} id
 * @property {"modal"|"home"} type
 * @property {any[]} blocks
 * @property {any} [title]
 * @property {any} [submit]
 * @property {any} [close]
 * @property {string} [hash]
 */
/** What holds blocks: a message or a view. @typedef {{kind: "message", channel: string, ts: string}|{kind: "view", viewId: string}} Container */
/** @typedef {{type: string, [key: string]: any}} Value one element's state, in Slack's shape */
/**
 * What a block needs to draw itself and to answer a press.
 * @typedef {object} BlockContext
 * @property {Container} container
 * @property {import("./form_state.js").FormState} form
 * @property {string} blockId
 * @property {boolean} quiet true in an input block without dispatch_action: a change is kept, not sent
 * @property {string} label the accessible name of an element that has no text of its own
 * @property {string} [describedBy] ID of the hint or error that belongs to the element
 */

export {};
