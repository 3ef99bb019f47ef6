// Block Kit: every kind of block and what draws it. What is not known is named, never hidden.
import { html } from "../../vendor/preact.js";
import { Markdown } from "../text/markdown.js";
import { Plain, TextObject } from "../text/mrkdwn.js";
import { RichText } from "../text/rich.js";
import { Card, Carousel } from "./cards.js";
import { Container } from "./container.js";
import { Element } from "./elements.js";
import { Image, ImageElement } from "./image.js";
import { Input } from "./input.js";
import { Plan, Task } from "./steps.js";
import { Table } from "./table.js";

const BLOCKS = {
  section: Section,
  header: ({ block }) => html`<div class="block-header" role="heading" aria-level="3"><${Plain}
    text=${block.text.text} /></div>`,
  divider: () => html`<hr />`,
  markdown: ({ block }) => html`<${Markdown} text=${block.text} />`,
  rich_text: ({ block }) => html`<${RichText} elements=${block.elements} />`,
  image: Image,
  context: Context,
  actions: ({ block }) => html`<div class="block-actions">${elements(block)}</div>`,
  context_actions: ({ block }) => html`<div class="block-context-actions">${elements(block)}</div>`,
  input: Input,
  table: Table,
  plan: Plan,
  task_card: ({ block }) => html`<ul class="steps" aria-label="Steps"><${Task} task=${block} /></ul>`,
  card: Card,
  carousel: Carousel,
  alert: Alert,
  container: Container,
  file: () => html`<p class="block-unknown">A remote file</p>`,
};

export function Blocks({ blocks }) {
  return blocks.map((block, number) => {
    const Drawn = BLOCKS[block.type] ?? Unknown;
    return html`<div class=${`block block-is-${block.type}`} key=${block.block_id ?? number}><${Drawn} block=${block}
      Blocks=${Blocks} /></div>`;
  });
}

const elements = (block) => block.elements.map((one) => html`<${Element} element=${one} block=${block}
  key=${one.action_id} />`);

function Section({ block }) {
  const text = html`<div class="section-text">
    ${block.text && html`<div class="text"><${TextObject} of=${block.text} /></div>`}
    ${block.fields && html`<div class="fields">${block.fields.map((field) => html`<div class="text"><${TextObject}
      of=${field} /></div>`)}</div>`}
  </div>`;
  if (!block.accessory) return text;
  const image = block.accessory.type === "image";
  return html`<div class="section">${text}<div class="accessory">
    ${image ? html`<${ImageElement} element=${block.accessory} size="thumb" />` : html`<${Element}
      element=${block.accessory} block=${block} />`}
  </div></div>`;
}

function Context({ block }) {
  const part = (one) => (one.type === "image"
    ? html`<${ImageElement} element=${one} size="icon" />`
    : html`<span class="text"><${TextObject} of=${one} /></span>`);
  return html`<div class="block-context">${block.elements.map(part)}</div>`;
}

function Alert({ block }) {
  return html`<div class=${`block-alert alert-${block.level ?? "default"}`} role="status"><${TextObject}
    of=${block.text} /></div>`;
}

const Unknown = ({ block }) => html`<p class="block-unknown">A block of type ${block.type}</p>`;
