// Checkboxes and radio buttons.
import { html } from "../../vendor/preact.js";
import { TextObject } from "../text/mrkdwn.js";
import { useValue } from "./pressing.js";

function Choices({ element, labelledBy, type, isChosen, choose }) {
  const option = (one) => html`<label class="choice">
    <input type=${type} name=${element.action_id} checked=${isChosen(one.value)}
      onChange=${(event) => choose(one.value, event.target.checked)} />
    <span><${TextObject} of=${one.text} />${one.description && html`<small><${TextObject} of=${one.description} />
      </small>`}</span>
  </label>`;
  return html`<div class="choices" role=${type === "radio" ? "radiogroup" : "group"} aria-labelledby=${labelledBy}>
    ${element.options.map(option)}</div>`;
}

export function Boxes({ element, block, labelledBy }) {
  const { value, set } = useValue(element, block);
  const chosen = value ?? [];
  const choose = (one, on) => set(on ? [...chosen, one] : chosen.filter((other) => other !== one));
  return html`<${Choices} ...${{ element, labelledBy, choose }} type="checkbox"
    isChosen=${(one) => chosen.includes(one)} />`;
}

export function Radios({ element, block, labelledBy }) {
  const { value, set } = useValue(element, block);
  return html`<${Choices} ...${{ element, labelledBy }} type="radio" choose=${(one) => set(one)}
    isChosen=${(one) => one === value} />`;
}
