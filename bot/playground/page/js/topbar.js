// The bar on top: workspace, the clock's switch, theme, and who one is.
import { avatar, roleName } from "./avatars.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popover.js";
import { listen, personName, store } from "./store.js";

const THEME = "playground-theme";

/** @returns {boolean} */
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Applies what was chosen before. */
export function restoreTheme() {
  const chosen = localStorage.getItem(THEME);
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
}

function toggleTheme() {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem(THEME, next);
  draw();
}

/** Opens the page again as somebody else. @param {string} person */
function become(person) {
  if (person === store.me) return;
  location.assign(`/?${new URLSearchParams({ as: person })}${location.hash}`);
}

/** @param {HTMLElement} anchor */
function choosePerson(anchor) {
  const people = [...store.people.values()].filter((person) => !person.is_bot);
  openMenu(anchor, people.map((person) => ({
    label: person.real_name || person.name, description: roleName(person), checked: person.id === store.me, group: "Use the playground as", run: () => become(person.id),
  })), { align: "end", label: "Switch person" });
}

function draw() {
  const me = store.people.get(store.me);
  const theme = h("button", { class: "bar-button", type: "button", "aria-label": isDark() ? "Use light colours" : "Use dark colours", title: "Light or dark", on: { click: toggleTheme } }, icon(isDark() ? "sun" : "moon"));
  const clock = store.bedrock && h(
    "button", { class: "bar-button", type: "button", id: "clock-button", "aria-label": "Clock & faults", title: "Bedrock's clock, which is not yours: it runs faster, and what Bedrock tells is told in its time", "aria-controls": "bedrock", "aria-expanded": String(!byId("bedrock").hidden), on: { click: toggleClock } },
    icon("clock"), h("span", { class: "bar-label" }, "Clock & faults"), h("span", { class: "bar-time", id: "bar-time" }));
  const who = h(
    "button", { class: "bar-button who", type: "button", id: "person-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `You are ${personName(store.me)}, ${me ? roleName(me) : ""}. Switch person`, on: { click: () => choosePerson(who) } },
    avatar(me, "avatar-small"), h("span", { class: "bar-label" }, personName(store.me)), me ? h("span", { class: "role" }, roleName(me)) : null, icon("chevron"));
  fill(byId("topbar"), h("a", { class: "team", href: "#/" }, store.team.name), h("div", { class: "bar-tools" }, clock, theme, who));
}

/** Shows or hides the panel; the panel draws itself on `location`-free state. */
export function toggleClock() {
  const panel = byId("bedrock");
  panel.hidden = !panel.hidden;
  byId("clock-button").setAttribute("aria-expanded", String(!panel.hidden));
  panel.dispatchEvent(new Event("panel"));
}

function drawBanner() {
  const banner = byId("bot-banner");
  banner.hidden = store.botConnected;
  banner.textContent = store.botConnected ? "" : `${store.app.name} is not connected. Messages are kept, but nobody answers until the bot runs again.`;
}

export function startTopbar() {
  let shown = false;
  listen("channels", draw);
  listen("bedrock", () => {
    if (shown === (store.bedrock !== null)) return;
    shown = store.bedrock !== null;
    draw();
  });
  listen("bot", drawBanner);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  drawBanner();
}
