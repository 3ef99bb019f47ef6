// Slack's mrkdwn as elements. Nothing in it is ever taken for HTML.
import { html } from "../../vendor/preact.js";
import { Emoji } from "./emoji.js";
import { Angled } from "./mentions.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const PIECE = new RegExp(
  [
    "<(?<angled>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
  ].join("|"),
  "g",
);
const DRAWN = {
  angled: (inside) => html`<${Angled} inside=${decoded(inside)} />`,
  code: (inside) => html`<code>${decoded(inside)}</code>`,
  emoji: (name) => html`<${Emoji} name=${name} />`,
  bold: (inside) => html`<strong>${inline(inside)}</strong>`,
  italic: (inside) => html`<em>${inline(inside)}</em>`,
  strike: (inside) => html`<s>${inline(inside)}</s>`,
};

const decoded = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** The pieces of a line or two. */
function inline(text) {
  const drawn = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    drawn.push(decoded(text.slice(end, match.index)));
    const [kind, inside] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    drawn.push(DRAWN[kind](inside));
    end = match.index + match[0].length;
  }
  return [...drawn, decoded(text.slice(end))];
}

export function Mrkdwn({ text }) {
  const parts = String(text).split(/```\n?([\s\S]*?)\n?```/);
  return parts.map((part, number) => (number % 2 ? html`<pre>${decoded(part)}</pre>` : html`<${Lines}
    text=${part} />`));
}

/** Lines, those that begin with `>` gathered into quotes. */
function Lines({ text }) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quote = line.match(/^(?:&gt;|>) ?(.*)$/);
    const last = groups.at(-1);
    const own = quote ? quote[1] : line;
    if (last && last.quote === Boolean(quote)) last.lines.push(own);
    else groups.push({ quote: Boolean(quote), lines: [own] });
  }
  return groups.map(({ quote, lines }) =>
    quote ? html`<blockquote>${inline(lines.join("\n"))}</blockquote>` : inline(lines.join("\n")));
}

/** A text object of Block Kit. */
export function TextObject({ of }) {
  if (!of) return null;
  if (of.type === "plain_text") return html`<${Plain} text=${of.text} />`;
  return html`<${Mrkdwn} text=${of.text} />`;
}

/** Plain text: only emoji are drawn. */
export function Plain({ text }) {
  const parts = String(text).split(/:([a-z0-9_+'-]+):/);
  return parts.map((part, number) => (number % 2 ? html`<${Emoji} name=${part} />` : part));
}
