// Round-cornered tiles with initials; the app's own has its sign.
/** @import {Person} from "./types.js" */
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @param {Person|undefined} person @param {string} [size] small, or nothing for the size of a message @returns {HTMLElement} */
export function avatar(person, size = "") {
  const tile = h("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  if (person?.is_bot) {
    tile.classList.add("avatar-app");
    tile.append(icon("tune"));
    return tile;
  }
  if (person?.color) tile.style.backgroundColor = `#${person.color.replace("#", "")}`;
  tile.append(person?.initials || "?");
  return tile;
}

/** The role, as a word in front of the name's owner. @param {Person} person @returns {string} */
export function roleName(person) {
  return person.role ? person.role.charAt(0).toUpperCase() + person.role.slice(1) : "Colleague";
}
