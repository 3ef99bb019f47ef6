// The rich_text block: sections, lists, quotes, preformatted text.
import { html } from "../../vendor/preact.js";
import { formatted } from "../times.js";
import { Emoji } from "./emoji.js";
import { Link } from "./links.js";
import { Broadcast, Channel, User } from "./mentions.js";

const PIECES = {
  text: (piece) => piece.text,
  link: (piece) => html`<${Link} address=${piece.url}>${piece.text || piece.url}<//>`,
  emoji: (piece) => html`<${Emoji} name=${piece.name} />`,
  user: (piece) => html`<${User} id=${piece.user_id} />`,
  usergroup: (piece) => html`<span class="mention">@${piece.usergroup_id}</span>`,
  team: (piece) => html`<span class="mention">@${piece.team_id}</span>`,
  channel: (piece) => html`<${Channel} id=${piece.channel_id} />`,
  broadcast: (piece) => html`<${Broadcast} range=${piece.range} />`,
  color: (piece) => html`<code>${piece.value}</code>`,
  date: (piece) => formatted(piece.timestamp, piece.format),
};
const TAGS = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u", highlight: "mark" };

function Piece({ of }) {
  const drawn = PIECES[of.type]?.(of) ?? null;
  const worn = Object.keys(TAGS).filter((style) => of.style?.[style]);
  return worn.reduce((inner, style) => html`<${TAGS[style]}>${inner}<//>`, drawn);
}

const pieces = (elements) => elements.map((piece) => html`<${Piece} of=${piece} />`);

const PARTS = {
  rich_text_section: (part) => html`<div class="rich-section">${pieces(part.elements)}</div>`,
  rich_text_preformatted: (part) => html`<pre>${pieces(part.elements)}</pre>`,
  rich_text_quote: (part) => html`<blockquote>${pieces(part.elements)}</blockquote>`,
  rich_text_list: (part) => html`<${List} of=${part} />`,
};

function List({ of }) {
  const items = of.elements.map((item) => html`<li>${pieces(item.elements)}</li>`);
  const kind = `rich-list indent-${of.indent ?? 0}`;
  return of.style === "ordered"
    ? html`<ol class=${kind} start=${(of.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${kind}>${items}</ul>`;
}

export const RichText = ({ elements }) => html`<div class="rich">${elements.map((part) => PARTS[part.type]?.(part))}
  </div>`;

/** Its words alone. */
export function words(block) {
  const inside = (elements) => elements.map((one) => one.text ?? one.name ?? inside(one.elements ?? [])).join("");
  return inside(block?.elements ?? []);
}
