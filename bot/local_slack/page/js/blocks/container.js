// The container block: blocks under a title, which may fold them away.
import { html, useState } from "../../vendor/preact.js";
import { TextObject } from "../text/mrkdwn.js";
import { RichText } from "../text/rich.js";
import { ImageElement } from "./image.js";

export function Container({ block, Blocks }) {
  const [open, setOpen] = useState(!block.default_collapsed);
  const title = block.rich_text_title
    ? html`<${RichText} elements=${block.rich_text_title.elements} />`
    : html`<${TextObject} of=${block.title} />`;
  const head = html`${block.icon && html`<${ImageElement} element=${block.icon} size="icon" />`}
    <span class="container-title">${title}</span>
    ${block.subtitle && html`<span class="container-subtitle"><${TextObject} of=${block.subtitle} /></span>`}`;
  return html`<div class="container">
    ${block.is_collapsible
      ? html`<button type="button" class="container-head" aria-expanded=${open} onClick=${() => setOpen(!open)}>${head}
        </button>`
      : html`<div class="container-head">${head}</div>`}
    ${open && html`<div class="container-body"><${Blocks} blocks=${block.child_blocks} /></div>`}
  </div>`;
}
