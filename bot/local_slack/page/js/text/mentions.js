// People, channels and broadcasts in a text; and Slack's `<…>` notation for them.
import { html } from "../../vendor/preact.js";
import { personName } from "../names.js";
import { openChannel } from "../route.js";
import { me, workspace } from "../store.js";
import { formatted } from "../times.js";
import { Link } from "./links.js";

export function User({ id }) {
  const own = id === me.value?.id;
  return html`<span class=${`mention ${own ? "mention-me" : ""}`}>@${personName(id)}</span>`;
}

export function Channel({ id, label }) {
  const found = workspace.value?.channels.find((one) => one.id === id);
  const name = found?.name || label || id;
  if (!found) return html`<span class="mention">#${name}</span>`;
  return html`<button type="button" class="mention link" onClick=${() => openChannel(id)}>#${name}</button>`;
}

export const Broadcast = ({ range }) => html`<span class="mention mention-me">@${range}</span>`;

/** What stands between `<` and `>`: `@U1`, `#C1|name`, `!here`, `!date^…`, `https://…|label`. */
export function Angled({ inside }) {
  const [target, label] = split(inside, "|");
  if (target.startsWith("@")) return html`<${User} id=${target.slice(1)} />`;
  if (target.startsWith("#")) return html`<${Channel} id=${target.slice(1)} label=${label} />`;
  if (target.startsWith("!date^")) return dated(target, label);
  if (target.startsWith("!")) return html`<${Broadcast} range=${label?.replace(/^@/, "") ?? target.slice(1)} />`;
  return html`<${Link} address=${target}>${label ?? target.replace(/^mailto:/, "")}<//>`;
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function dated(target, fallback) {
  const [, timestamp, format, link] = target.split("^");
  const shown = /^\d+$/.test(timestamp) ? formatted(timestamp, format ?? "{date}") : fallback;
  return link ? html`<${Link} address=${link}>${shown}<//>` : shown;
}
