// One picture, as large as the screen.
import { html, signal } from "../../vendor/preact.js";
import { Dialog } from "./dialog.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";

const shown = signal(null); // {source, name, alt}

/** `alt`: what a screen reader is told; the name where there is nothing better. */
export const show = (picture) => (shown.value = picture);

export function Lightbox() {
  if (!shown.value) return null;
  const { source, name, alt } = shown.value;
  const close = () => (shown.value = null);
  return html`<${Dialog} label=${name} kind="lightbox" close=${close}>
    <div class="lightbox-bar"><span class="lightbox-name">${name}</span>
      <a class="icon-button" href=${source} download=${name} aria-label=${`Download ${name}`}><${Icon}
        name="download" /></a>
      <${IconButton} label="Close" icon="cross" onClick=${close} />
    </div>
    <img src=${source} alt=${alt || name} onClick=${close} />
  <//>`;
}
