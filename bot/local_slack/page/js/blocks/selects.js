// Menus: the browser's own, with the options that the block or the workspace has.
import { html } from "../../vendor/preact.js";
import { spokenName } from "../names.js";
import { humans, mine, workspace } from "../store.js";
import { Icon } from "../parts/icons.js";
import { useValue } from "./pressing.js";

/** [{label, options: [{value, name}]}] of an element; one group without a label when it has none. */
function groupsOf(element) {
  const kind = element.type.replace(/^multi_/, "");
  const named = (options) => options.map((one) => ({ value: one.value, name: one.text.text }));
  if (kind === "users_select") return [{ options: humans.value.map((one) => ({ value: one.id, name: one.name })) }];
  if (kind === "channels_select") return [{ options: conversations(["public"]) }];
  if (kind === "conversations_select") return [{ options: conversations(element.filter?.include) }];
  if (!element.option_groups) return [{ options: named(element.options ?? []) }];
  return element.option_groups.map((group) => ({ label: group.label.text, options: named(group.options) }));
}

const KINDS = { channel: "public", group: "private", im: "im", mpim: "mpim" };

function conversations(include) {
  const others = workspace.value.channels.filter((one) => one.kind === "channel" && !mine.value.includes(one));
  return [...mine.value, ...others]
    .filter((one) => !include || include.includes(KINDS[one.kind]))
    .map((one) => ({ value: one.id, name: spokenName(one) }));
}

const Options = ({ element, chosen = [] }) => groupsOf(element).map((group) => {
  const options = group.options
    .filter((one) => !chosen.includes(one.value))
    .map((one) => html`<option value=${one.value} key=${one.value}>${one.name}</option>`);
  return group.label ? html`<optgroup label=${group.label}>${options}</optgroup>` : options;
});

export function Select({ element, block, labelledBy }) {
  const { value, set } = useValue(element, block);
  const asked = element.placeholder?.text ?? "Choose…";
  return html`<span class="select"><select value=${value ?? ""} aria-labelledby=${labelledBy}
    aria-label=${labelledBy ? undefined : asked}
    onChange=${(event) => set(event.target.value || null)}>
    <option value="" disabled=${block.type !== "input" || !block.optional}>${asked}</option>
    <${Options} element=${element} />
  </select><${Icon} name="down" /></span>`;
}

export function MultiSelect({ element, block, labelledBy }) {
  const { value, set } = useValue(element, block);
  const chosen = value ?? [];
  const full = chosen.length >= (element.max_selected_items ?? Infinity);
  const names = new Map(groupsOf(element).flatMap((group) => group.options.map((one) => [one.value, one.name])));
  const asked = element.placeholder?.text ?? "Choose…";
  return html`<div class="multi" role="group" aria-labelledby=${labelledBy}>
    ${chosen.map((one) => html`<${Chip} name=${names.get(one) ?? one}
      drop=${() => set(chosen.filter((other) => other !== one))} />`)}
    ${!full && html`<span class="select"><select value="" aria-label=${asked}
      onChange=${(event) => set([...chosen, event.target.value])}>
      <option value="" disabled>${asked}</option><${Options} element=${element} chosen=${chosen} />
    </select><${Icon} name="down" /></span>`}
  </div>`;
}

export const Chip = ({ name, drop }) => html`<span class="chip">${name}
  <button type="button" aria-label=${`Remove ${name}`} onClick=${drop}><${Icon} name="cross" /></button></span>`;
