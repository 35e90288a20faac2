// What the composer offers while one types: slash commands and people.
import { personName, store } from "./store.js";

/**
 * @typedef {object} Suggestion
 * @property {string} title
 * @property {string} detail
 * @property {string} insert what takes the place of the text from `from` to the caret
 * @property {number} from
 * @property {string} [person] the ID of a person, for the picture
 */
/** @typedef {{label: string, items: Suggestion[], eager: boolean, hint?: string}} Offer eager: Enter takes the first item; otherwise one must be chosen by arrow first */

/** @param {string} text @returns {Offer|null} */
function commands(text) {
  if (!/^\/\S*$/.test(text)) return null;
  const items = store.commands.filter((command) => command.command.startsWith(text)).map((command) => ({
    title: `${command.command} ${command.usage_hint}`.trim(), detail: command.description, insert: `${command.command} `, from: 0,
  }));
  return items.length ? { label: "Commands", items, eager: true } : null;
}

/**
 * The hint of a command that is being filled in. Slack knows names of commands only: what may follow one is its
 * `usage_hint`, which is shown and never completed (docs.slack.dev/reference/app-manifest, `slash_commands`).
 * @param {string} text @returns {Offer|null}
 */
function usage(text) {
  const found = /^(\/\S+) /.exec(text);
  const command = found && store.commands.find((item) => item.command === found[1]);
  return command ? { label: "Usage", items: [], eager: false, hint: `${`${command.command} ${command.usage_hint}`.trim()} — ${command.description}` } : null;
}

/** @param {string} text @returns {Offer|null} */
function people(text) {
  const found = /(^|[\s(])@([\p{L}\p{N}._-]*)$/u.exec(text);
  if (!found) return null;
  const typed = (found[2] ?? "").toLowerCase();
  const from = text.length - typed.length - 1;
  const matching = [...store.people.values()].filter((person) =>
    person.name.toLowerCase().startsWith(typed) || (person.real_name ?? "").toLowerCase().split(/\s+/).some((word) => word.startsWith(typed)));
  const items = matching.slice(0, 8).map((person) => ({
    title: personName(person.id), detail: person.is_bot ? "App" : person.name, insert: `@${personName(person.id)} `, from, person: person.id,
  }));
  return items.length ? { label: "People", items, eager: true } : null;
}

/**
 * @param {string} text what stands before the caret
 * @param {boolean} slash whether slash commands can be run here
 * @returns {Offer|null}
 */
export function offerFor(text, slash) {
  return (slash && commands(text)) || people(text) || (slash ? usage(text) : null);
}

/**
 * The text as it is sent: the names that were completed become mentions by ID; the server escapes the rest.
 * @param {string} text
 * @returns {string}
 */
export function withMentions(text) {
  const people = [...store.people.values()].sort((one, other) => personName(other.id).length - personName(one.id).length);
  return people.reduce((result, person) => result.split(`@${personName(person.id)}`).join(`<@${person.id}>`), text);
}
