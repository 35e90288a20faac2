// What a person has chosen or typed in one message or view, in the shape of Slack's `state`.
/** @import {Container, Value} from "./types.js" */

export class FormState {
  constructor() {
    /** @type {Map<string, Map<string, Value>>} */
    this.blocks = new Map();
  }

  /** @param {string} blockId @param {string} actionId @returns {Value|undefined} */
  get(blockId, actionId) {
    return this.blocks.get(blockId)?.get(actionId);
  }

  /** @param {string} blockId @param {string} actionId @param {Value} value */
  set(blockId, actionId, value) {
    const block = this.blocks.get(blockId) ?? new Map();
    block.set(actionId, value);
    this.blocks.set(blockId, block);
  }

  /**
   * The values of these blocks only: what an updated view no longer shows is not sent.
   * @param {any[]} blocks
   * @returns {{values: Record<string, Record<string, Value>>}}
   */
  toState(blocks) {
    /** @type {Record<string, Record<string, Value>>} */
    const values = {};
    blocks.forEach((block, index) => {
      const kept = this.blocks.get(blockIdOf(block, index));
      const shown = new Set(actionIds(block));
      const pairs = [...(kept ?? [])].filter(([actionId]) => shown.has(actionId));
      if (pairs.length) values[blockIdOf(block, index)] = Object.fromEntries(pairs);
    });
    return { values };
  }
}

/** Slack gives every block an ID; one that came without gets its place. @param {any} block @param {number} index */
export function blockIdOf(block, index) {
  return block.block_id || `block-${index}`;
}

/** @param {any} block @returns {string[]} */
function actionIds(block) {
  const elements = [block.element, block.accessory, ...(Array.isArray(block.elements) ? block.elements : [])];
  return elements.filter((element) => element?.action_id).map((element) => element.action_id);
}

/** @type {Map<string, FormState>} */
const states = new Map();

/** The one state of a container: it outlives redraws, so an edit of a live message loses no choice. @param {Container} container */
export function formOf(container) {
  const key = container.kind === "view" ? container.viewId : `${container.channel}/${container.ts}`;
  const known = states.get(key) ?? new FormState();
  states.set(key, known);
  return known;
}

/** @param {Container} container */
export function forgetForm(container) {
  states.delete(container.kind === "view" ? container.viewId : `${container.channel}/${container.ts}`);
}
