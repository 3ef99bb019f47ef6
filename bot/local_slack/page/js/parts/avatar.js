// Who somebody is at a glance: a letter on their colour; the app has a face.
import { html } from "../../vendor/preact.js";
import { hue } from "../names.js";
import { bot, people } from "../store.js";

export function Avatar({ user, name, size = 36 }) {
  const kind = `avatar avatar-${size}`;
  if (user && user === bot.value) return html`<img class=${kind} src="/page/icons/spyglass.svg" alt="" />`;
  const shown = people.value.get(user)?.name ?? name ?? "?";
  return html`<span class=${`${kind} hue-${hue(shown)}`} aria-hidden="true">${shown.slice(0, 1).toUpperCase()}</span>`;
}
