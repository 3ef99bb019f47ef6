// The input block: a label, an element, a hint, and what is wrong with it.
import { html } from "../../vendor/preact.js";
import { Plain } from "../text/mrkdwn.js";
import { Element } from "./elements.js";
import { useSurface } from "./surface.js";

export function Input({ block }) {
  const { errors } = useSurface();
  const label = `label-${block.block_id}`;
  const wrong = errors[block.block_id];
  return html`<div class=${`input ${wrong ? "input-wrong" : ""}`}>
    <div class="input-label"><span id=${label}><${Plain} text=${block.label.text} /></span>
      ${block.optional && html`<span class="optional"> (optional)</span>`}</div>
    <${Element} element=${block.element} block=${block} labelledBy=${label} />
    ${wrong && html`<p class="input-error" role="alert">${wrong}</p>`}
    ${block.hint && html`<p class="input-hint"><${Plain} text=${block.hint.text} /></p>`}
  </div>`;
}
