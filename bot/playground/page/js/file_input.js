// The `file_input` element of a modal: files are uploaded when they are chosen, and their objects are the value.
/** @import {BlockContext, SlackFile} from "./types.js" */
import { changeValue, focusKey, startValue } from "./actions.js";
import { Refusal, api } from "./api.js";
import { fill, h } from "./dom.js";
import { fileSize } from "./format.js";
import { icon } from "./icons.js";

/** Slack's limit for a file in a modal, in bytes (docs: file_input, 10 MB). */
const LARGEST = 10_000_000;

/** @param {any} element @param {BlockContext} context @returns {HTMLElement} */
export function fileInput(element, context) {
  const most = element.max_files ?? 10;
  const start = startValue(context, element, () => ({ type: "file_input", files: [] }));
  /** @type {SlackFile[]} */
  let files = [...start.files];
  let busy = false;

  /** @param {SlackFile[]} next */
  const keep = (next) => {
    files = next;
    changeValue(context, element, { type: "file_input", files });
    draw();
  };
  /** @param {File[]} chosen */
  const take = async (chosen) => {
    const problem = refusal(chosen, files.length, most, element.filetypes ?? []);
    if (problem) return tell(problem);
    busy = true;
    draw();
    tell("");
    try {
      const answer = await api.upload(chosen);
      keep([...files, ...answer.files]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tell(error.message);
    } finally {
      busy = false;
      draw();
    }
  };
  /** @param {string} text */
  const tell = (text) => {
    problem.hidden = !text;
    problem.textContent = text;
  };
  const draw = () => {
    box.toggleAttribute("data-busy", busy);
    fill(list, files.map((file) => h(
      "li", { class: "file-chip" }, icon("file"), h("span", { class: "file-chip-name" }, file.name ?? file.id), h("span", { class: "muted" }, fileSize(file.size)),
      h("button", { class: "icon-button", type: "button", "aria-label": `Remove ${file.name ?? "file"}`, on: { click: () => keep(files.filter((item) => item !== file)) } }, icon("close")),
    )));
    box.hidden = files.length >= most;
  };
  const accept = (element.filetypes ?? []).map((/** @type {string} */ type) => `.${type}`).join(",");
  const picker = h("input", {
    class: "visually-hidden", type: "file", multiple: most > 1, accept: accept || null, "aria-label": context.label, "aria-describedby": context.describedBy,
    data: focusKey(context, element), on: { change: () => void take([...(picker.files ?? [])]).then(() => { picker.value = ""; }) },
  });
  const stop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (/** @type {DragEvent} */ event) => {
    stop(event);
    void take([...(event.dataTransfer?.files ?? [])]);
  };
  const box = h(
    "label", { class: "file-drop", on: { dragover: stop, drop } },
    picker, icon("attach"), h("span", { class: "file-drop-idle" }, h("b", null, most > 1 ? "Choose files" : "Choose a file"), " or drop it here"), h("span", { class: "file-drop-busy" }, "Uploading…"),
  );
  const list = h("ul", { class: "file-chips" });
  const problem = h("p", { class: "input-error", role: "alert", hidden: true });
  draw();
  return h("div", { class: "file-input" }, list, box, problem);
}

/** What is wrong with the choice, or nothing. @param {File[]} chosen @param {number} have @param {number} most @param {string[]} types */
function refusal(chosen, have, most, types) {
  if (have + chosen.length > most) return `Only ${most === 1 ? "one file" : `${most} files`} can be added here.`;
  const large = chosen.find((file) => file.size > LARGEST);
  if (large) return `${large.name} is larger than 10 MB, which is the most a form takes. Upload it in a channel instead.`;
  const wrong = types.length && chosen.find((file) => !types.some((type) => file.name.toLowerCase().endsWith(`.${type.toLowerCase()}`)));
  return wrong ? `${wrong.name} is not one of the accepted types: ${types.join(", ")}.` : "";
}
