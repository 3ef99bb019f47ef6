// The files that go with the next message.
import { html } from "../../vendor/preact.js";
import { size } from "./files.js";
import { Icon } from "./icons.js";

export function Attachments({ files, remove }) {
  if (!files.length) return null;
  return html`<ul class="attachments" aria-label="Files to send">${files.map((one) => html`<li key=${one.key}
    class=${`attachment ${one.failed ? "failed" : ""}`}>
    ${one.preview ? html`<img src=${one.preview} alt=${one.name} />` : html`<span class="file-icon"><${Icon}
      name="file" /></span>`}
    ${!one.preview && html`<span class="file-words"><strong>${one.name}</strong><small>${size(one.size)}</small>
      </span>`}
    ${one.share < 1 && !one.failed && html`<progress max="1" value=${one.share} aria-label=${`Uploading ${one.name}`}>
      </progress>`}
    <button type="button" class="attachment-remove" aria-label=${`Remove ${one.name}`} onClick=${() => remove(one)}>
      <${Icon} name="cross" /></button>
  </li>`)}</ul>`;
}
