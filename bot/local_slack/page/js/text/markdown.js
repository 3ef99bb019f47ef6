// Standard Markdown (the `markdown` block) as elements: marked reads it, nothing of it is ever taken for HTML.
import { html } from "../../vendor/preact.js";
import { lexer } from "../../vendor/marked.js";
import { Emoji } from "./emoji.js";
import { Link } from "./links.js";
import { Angled } from "./mentions.js";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", apos: "'" };
const MARK = /<([@#!][^<>\s]+)>|:([a-z0-9_+'-]+):/g;

const INLINE = {
  strong: (token) => html`<strong>${inlines(token.tokens)}</strong>`,
  em: (token) => html`<em>${inlines(token.tokens)}</em>`,
  del: (token) => html`<s>${inlines(token.tokens)}</s>`,
  codespan: (token) => html`<code>${token.text}</code>`,
  br: () => html`<br />`,
  link: (token) => html`<${Link} address=${decoded(token.href)}>${inlines(token.tokens)}<//>`,
  image: (token) => html`<${Link} address=${decoded(token.href)}>${token.text || token.href}<//>`,
  escape: (token) => decoded(token.text),
  text: (token) => (token.tokens ? inlines(token.tokens) : marked(token.text)),
  checkbox: (token) => html`<input type="checkbox" disabled checked=${token.checked} aria-label="Done" />`,
};

const BLOCK = {
  heading: (token) => html`<div class="md-heading" role="heading" aria-level=${token.depth + 2}>${inlines(token.tokens)}
    </div>`,
  paragraph: (token) => html`<p>${inlines(token.tokens)}</p>`,
  code: (token) => html`<pre>${token.text}</pre>`,
  blockquote: (token) => html`<blockquote>${blocks(token.tokens)}</blockquote>`,
  list: (token) => (token.ordered
    ? html`<ol start=${token.start}>${token.items.map(item)}</ol>`
    : html`<ul>${token.items.map(item)}</ul>`),
  table: (token) => html`<div class="table-frame" tabindex="0" role="group" aria-label="Table"><table>
    <thead><tr>${token.header.map((cell) => (cell.text ? html`<th scope="col">${inlines(cell.tokens)}</th>` : html`<td>
      </td>`))}</tr></thead>
    <tbody>${token.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inlines(cell.tokens)}</td>`)}</tr>`)}
      </tbody>
  </table></div>`,
  hr: () => html`<hr />`,
  space: () => null,
  def: () => null,
};

const item = (one) => html`<li>${blocks(one.tokens)}</li>`;
const inlines = (tokens = []) => tokens.map((token) => (INLINE[token.type] ?? raw)(token));
const blocks = (tokens = []) => tokens.map((token) => (BLOCK[token.type] ?? INLINE[token.type] ?? raw)(token));
const raw = (token) => marked(token.raw);

function decoded(text) {
  return text
    .replace(/&#(\d+);/g, (whole, code) => (code <= 0x10ffff ? String.fromCodePoint(code) : whole))
    .replace(/&(\w+);/g, (whole, name) => ENTITIES[name] ?? whole);
}

/** Plain words with Slack's mentions and emoji in them. */
function marked(text) {
  const drawn = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    drawn.push(decoded(text.slice(end, match.index)));
    drawn.push(match[1] ? html`<${Angled} inside=${match[1]} />` : html`<${Emoji} name=${match[2]} />`);
    end = match.index + match[0].length;
  }
  return [...drawn, decoded(text.slice(end))];
}

export const Markdown = ({ text }) => html`<div class="markdown">${blocks(lexer(text, { gfm: true, breaks: true }))}
  </div>`;
