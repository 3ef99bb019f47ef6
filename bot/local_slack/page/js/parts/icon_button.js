// A button that shows an icon and says its label.
import { html } from "../../vendor/preact.js";
import { Icon } from "./icons.js";

/** `kind`: further classes; `title`: a longer label to see; everything else goes to the button itself. */
export function IconButton({ label, icon, kind = "", title = label, ...rest }) {
  return html`<button type="button" class=${`icon-button ${kind}`} aria-label=${label} title=${title} ...${rest}>
    <${Icon} name=${icon} />
  </button>`;
}
