// Pictures of blocks: of the workspace's files. What lies on other servers is linked to and never fetched.
import { html } from "../../vendor/preact.js";
import { fileAddress } from "../api.js";
import { show } from "../parts/lightbox.js";
import { Link, workspaceFile } from "../text/links.js";
import { Plain } from "../text/mrkdwn.js";

/** Where the picture of an image block or element is; null when it is somewhere else. */
function sourceOf(image) {
  const file = image.slack_file;
  const id = file?.id ?? workspaceFile(file?.url ?? image.image_url ?? "");
  return id ? fileAddress(id) : null;
}

export function Image({ block }) {
  const title = block.title?.text;
  return html`<figure class="block-image">
    ${title && html`<figcaption><${Plain} text=${title} /></figcaption>`}
    <${ImageElement} element=${block} size="full" name=${title} />
  </figure>`;
}

/** `size`: icon, thumb, hero or full; all but icons open large. */
export function ImageElement({ element, size, name }) {
  const source = sourceOf(element);
  if (!source) return html`<${Link} address=${element.image_url ?? ""}>${element.alt_text}<//>`;
  const picture = html`<img class=${`picture picture-${size}`} src=${source} alt=${element.alt_text} loading="lazy" />`;
  if (size === "icon") return picture;
  const label = name || element.alt_text;
  return html`<button type="button" class="picture-button" aria-label=${`Open ${label}`}
    onClick=${() => show({ source, name: label, alt: element.alt_text })}>
    ${picture}
  </button>`;
}
