// The panel "Clock & faults": drives the Bedrock stand-in.
/** @import {Bedrock} from "./types.js" */
import { api } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { clockTime, dayLabel, plural } from "./format.js";
import { icon } from "./icons.js";
import { setBedrock } from "./loading.js";
import { listen, store } from "./store.js";
import { attempt } from "./toasts.js";
import { toggleClock } from "./topbar.js";

const SPEEDS = [1, 60, 120, 600];
const READ_EVERY = 4000;

/** The stand-in's time now: what it said, and what has passed since. @param {Bedrock} bedrock @returns {Date} */
function nowOf(bedrock) {
  const passed = bedrock.paused ? 0 : (performance.now() - store.bedrockReadAt) * bedrock.speed;
  return new Date(new Date(bedrock.now).getTime() + passed);
}

/** @param {Record<string, unknown>} change */
async function change(change) {
  const answer = await attempt(() => api.changeBedrock(change));
  if (answer) setBedrock(answer.bedrock);
}

/** @param {string} label @param {() => void} press @param {{pressed?: boolean, danger?: boolean, key: string}} options */
function control(label, press, options) {
  const pressed = options.pressed === undefined ? null : String(options.pressed);
  return h("button", { class: "button button-small", type: "button", "aria-pressed": pressed, data: { focusKey: options.key }, on: { click: press } }, label);
}

/** @param {Bedrock} bedrock @returns {Node[]} */
function clockControls(bedrock) {
  const speeds = SPEEDS.map((speed) => control(`${speed}×`, () => void change({ speed }), { pressed: bedrock.speed === speed, key: `speed-${speed}` }));
  return [
    h("div", { class: "segmented", role: "group", "aria-label": "Speed" }, speeds),
    h("div", { class: "row" },
      control(bedrock.paused ? "Resume" : "Pause", () => void change({ paused: !bedrock.paused }), { pressed: bedrock.paused, key: "pause" }),
      control("+1 hour", () => void change({ advance_seconds: 3600 }), { key: "hour" }),
      control("+1 day", () => void change({ advance_seconds: 86_400 }), { key: "day" })),
  ];
}

/** @param {Bedrock} bedrock @returns {Node} */
function lifecycle(bedrock) {
  const ended = bedrock.lifecycle === "ended";
  const box = h("input", { type: "checkbox", role: "switch", checked: ended, data: { focusKey: "lifecycle" }, on: { change: () => void change({ lifecycle: ended ? "open" : "ended" }) } });
  return h("label", { class: "switch" }, box, h("span", null, h("b", null, "Claude 3 Haiku past its end of life"), h("span", { class: "muted" }, ended ? "Jobs and throughput on it are refused." : "It can be trained and served.")));
}

/** What was chosen in the form, kept over redraws. */
const order = { kind: "", operation: "", times: "1" };

/** @param {string} operation */
const operationName = (operation) => operation.replace(/^\*$/, "any call").replace(/^s3:\*$/, "any S3 call");

/** @param {Bedrock} bedrock @returns {Node} */
function faults(bedrock) {
  const kind = bedrock.fault_kinds.find((item) => item.kind === order.kind) ?? bedrock.fault_kinds[0];
  if (!kind) return h("p", { class: "muted" }, "None can be ordered.");
  order.kind = kind.kind;
  if (!kind.operations.includes(order.operation)) order.operation = kind.operations[0] ?? "";
  const picker = (/** @type {string} */ label, /** @type {"kind"|"operation"} */ name, /** @type {[string, string][]} */ options) => h(
    "label", { class: "labelled" }, label,
    h("select", { class: "field", data: { focusKey: name }, on: { change: (/** @type {any} */ event) => { order[name] = event.target.value; draw(); } } },
      options.map(([value, text]) => h("option", { value, selected: order[name] === value }, text))));
  const times = h("input", { class: "field", type: "number", min: 1, max: 99, value: order.times, data: { focusKey: "times" }, on: { input: (/** @type {any} */ event) => { order.times = event.target.value; } } });
  const send = () => void change({ fault: { operation: order.operation, kind: order.kind, times: Math.max(1, Number(order.times) || 1) } });
  return h("div", { class: "fault-form" },
    picker("What", "kind", bedrock.fault_kinds.map((item) => [item.kind, item.label])),
    picker("Where", "operation", kind.operations.map((operation) => [operation, operationName(operation)])),
    h("label", { class: "labelled" }, "Times", times),
    control("Order it", send, { key: "order" }),
    bedrock.faults.length ? h("ul", { class: "plain-list" }, bedrock.faults.map((fault) => h("li", null, h("b", null, bedrock.fault_kinds.find((item) => item.kind === fault.kind)?.label ?? fault.kind), h("span", { class: "muted" }, `${operationName(fault.operation)} · ${fault.times}×`)))) : null,
    bedrock.faults.length ? control("Clear all", () => void change({ clear_faults: true }), { key: "clear" }) : null);
}

const TONES = /** @type {Record<string, string>} */ ({ Completed: "good", InService: "good", Active: "good", Failed: "bad", Stopped: "off", Stopping: "off", Deleting: "off" });

/** @param {string} name @param {any} value @returns {string} */
function detail(name, value) {
  if (value === undefined || value === null) return "";
  return name === "units" ? plural(Number(value), "model unit") : String(value);
}

/** @param {string} title @param {Record<string, any>[]} items @param {string[]} details @returns {Node} */
function things(title, items, details) {
  const rows = items.map((item) => h("li", null,
    h("b", null, String(item.name ?? "")),
    h("span", { class: `pill pill-${TONES[item.status] ?? "busy"}` }, String(item.status ?? "")),
    h("span", { class: "muted" }, details.map((name) => detail(name, item[name])).filter(Boolean).join(" · "))));
  return h("section", null, h("h3", null, title), rows.length ? h("ul", { class: "plain-list" }, rows) : h("p", { class: "muted" }, "None"));
}

function draw() {
  const panel = byId("bedrock");
  const { bedrock } = store;
  if (!bedrock || panel.hidden) return;
  const focused = document.activeElement instanceof HTMLElement && panel.contains(document.activeElement) ? document.activeElement.dataset.focusKey : undefined;
  const body = panel.querySelector(".panel-body");
  const scroll = body?.scrollTop ?? 0;
  fill(panel,
    h("header", { class: "pane-header" }, h("div", { class: "pane-title" }, h("h2", null, "Clock & faults"), h("p", { class: "topic" }, "Bedrock stand-in")),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close panel", data: { focusKey: "close" }, on: { click: toggleClock } }, icon("close"))),
    h("div", { class: "panel-body" },
      h("section", { class: "clock" }, h("time", { class: "clock-time", id: "clock-time" }), h("p", { class: "muted", id: "clock-date" }), clockControls(bedrock)),
      h("section", null, h("h3", null, "Lifecycle"), lifecycle(bedrock)),
      things("Jobs", bedrock.jobs, ["stage", "base"]),
      things("Provisioned throughput", bedrock.throughputs, ["model", "units"]),
      things("Deployments", bedrock.deployments, ["model", "base"]),
      h("section", null, h("h3", null, "Order a failure"), faults(bedrock))));
  panel.querySelector(".panel-body")?.scrollTo(0, scroll);
  const heir = focused && (panel.querySelector(`[data-focus-key="${CSS.escape(focused)}"]`) ?? panel.querySelector("[data-focus-key=close]"));
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
  tick();
}

/** In the reader's zone, as the cards have it: what Bedrock tells of a job is told in this time. */
function tick() {
  const { bedrock } = store;
  if (!bedrock) return;
  const now = nowOf(bedrock);
  const bar = document.getElementById("bar-time");
  if (bar) bar.textContent = `Bedrock ${clockTime(now)}`;
  const time = document.getElementById("clock-time");
  const date = document.getElementById("clock-date");
  if (!time || !date) return;
  time.textContent = clockTime(now, true);
  date.textContent = `${dayLabel(now)}, at Bedrock${bedrock.paused ? ", paused" : `: ${bedrock.speed}× as fast as here`}`;
}

export function startBedrock() {
  const panel = byId("bedrock");
  let drawn = "";
  const follow = () => {
    const state = JSON.stringify({ ...store.bedrock, now: "" });
    if (state === drawn) return tick(); // only the time moved on: a control that is being pressed stays where it is
    drawn = state;
    draw();
  };
  const read = async () => {
    if (panel.hidden || !store.bedrock || document.hidden) return;
    const answer = await api.bedrock().catch(() => null);
    if (answer) setBedrock(answer.bedrock);
  };
  panel.addEventListener("panel", () => {
    draw();
    if (!panel.hidden) /** @type {HTMLElement|null} */ (panel.querySelector("button"))?.focus({ preventScroll: true });
    else document.getElementById("clock-button")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggleClock();
  });
  listen("bedrock", follow);
  setInterval(tick, 250);
  setInterval(() => void read(), READ_EVERY);
}
