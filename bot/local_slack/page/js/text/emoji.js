// Emoji by Slack's names.
import { html, signal } from "../../vendor/preact.js";

/** Name -> character; empty until the list is there. */
export const emoji = signal(new Map());

export async function loadEmoji() {
  const named = await (await fetch("/page/vendor/emoji.json")).json();
  const found = new Map();
  for (const [hex, names] of Object.entries(named)) {
    const character = String.fromCodePoint(...hex.split("-").map((part) => parseInt(part, 16)));
    for (const name of [names].flat()) found.set(name, character);
  }
  emoji.value = found;
}

/** The character of a name, as `thumbsup`; skin tones (`wave::skin-tone-2`) are left out. */
export const characterOf = (name) => emoji.value.get(name.split("::")[0]);

export function Emoji({ name }) {
  const character = characterOf(name);
  if (!character) return `:${name}:`;
  return html`<span class="emoji" role="img" aria-label=${name.replaceAll("_", " ")} title=${`:${name}:`}>${character}
    </span>`;
}
