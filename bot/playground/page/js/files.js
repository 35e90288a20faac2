// File cards and images.
/** @import {SlackFile} from "./types.js" */
import { fileAddress } from "./api.js";
import { h } from "./dom.js";
import { fileSize } from "./format.js";
import { icon } from "./icons.js";
import { link } from "./tokens.js";

/**
 * Where the page may load an image from: the playground itself, and nothing else.
 * @param {any} image an image block or element
 * @returns {string|null}
 */
function imageAddress(image) {
  const named = image.slack_file?.id;
  if (named) return fileAddress(named);
  const address = image.slack_file?.url ?? image.image_url ?? "";
  const id = /\b(?:T\w+-)?(F[A-Z0-9]{5,})\b/.exec(address)?.[1];
  if (id && /files-pri|\/files\//.test(address)) return fileAddress(id);
  if (address.startsWith("data:image/")) return address;
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {any} image @param {string} className @returns {Node} */
export function imageOf(image, className) {
  const address = imageAddress(image);
  const alt = image.alt_text ?? "";
  if (address) return h("img", { class: className, src: address, alt, loading: "lazy" });
  if (className !== "block-image") return h("span", { class: `${className} image-missing`, role: "img", "aria-label": alt });
  return h("p", { class: "unknown" }, "An image from another site, which the playground does not load: ", link(image.image_url ?? "", alt || image.image_url || ""));
}

/** @param {SlackFile} file @returns {string} */
function kindOf(file) {
  return file.pretty_type || file.filetype || file.mimetype || "File";
}

/** @param {SlackFile} file @returns {HTMLElement} */
export function fileCard(file) {
  const name = file.title || file.name || file.id;
  const address = fileAddress(file.id);
  if (file.mimetype?.startsWith("image/")) {
    return h("figure", { class: "image" }, h("figcaption", null, name), h("a", { href: address, target: "_blank", rel: "noopener" }, h("img", { class: "block-image", src: address, alt: name, loading: "lazy" })));
  }
  const extension = (file.name ?? "").split(".").pop()?.slice(0, 5) ?? "";
  return h(
    "a", { class: "file-card", href: address, download: file.name ?? true, "aria-label": `Download ${name}` },
    h("span", { class: "file-icon", "aria-hidden": "true" }, extension || icon("file")),
    h("span", { class: "file-text" }, h("b", null, name), h("span", { class: "muted" }, [kindOf(file), fileSize(file.size)].filter(Boolean).join(" · "))),
    icon("download"),
  );
}
