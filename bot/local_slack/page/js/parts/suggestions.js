// The list over the composer of what can be completed.
import { html } from "../../vendor/preact.js";
import { Avatar } from "./avatar.js";

/** `chosen`: the number of the one that Enter takes. */
export function Suggestions({ id, items, chosen, take }) {
  return html`<ul class="suggestions" role="listbox" id=${id} aria-label="Suggestions">
    ${items.map((item, number) => html`<li role="option" id=${`${id}-${number}`} aria-selected=${number === chosen}
      key=${item.name}
      onMouseDown=${(event) => { event.preventDefault(); take(item); }}>
      ${item.user && html`<${Avatar} user=${item.user} size=${20} />`}<span>${item.name}</span><small>${item.hint}
        </small>
    </li>`)}
  </ul>`;
}
