// The app's modals: the one on top of the stack, with what its inputs hold and what is wrong with them.
import { html, useMemo, useState } from "../../vendor/preact.js";
import { signal } from "../../vendor/preact.js";
import { act } from "../api.js";
import { Blocks } from "../blocks/blocks.js";
import { Surface } from "../blocks/surface.js";
import { initialValues } from "../blocks/values.js";
import { trying } from "../notices.js";
import { route } from "../route.js";
import { appName, bot, me, screen } from "../store.js";
import { Avatar } from "./avatar.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";

/** What the inputs of the open views hold: kept while a view is changed under people's hands. */
const held = new Map(); // view id -> signal of values

function valuesOf(view) {
  const before = held.get(view.id)?.value ?? {};
  const initial = initialValues(view.blocks, route.value.channel);
  const known = Object.fromEntries(Object.entries(before).filter(([name]) => name in initial));
  if (!held.has(view.id)) held.set(view.id, signal({}));
  held.get(view.id).value = { ...initial, ...known };
  return held.get(view.id);
}

export function Modal() {
  const { view } = screen.value;
  return view && html`<${View} key=${view.id} view=${view} />`;
}

function View({ view }) {
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const who = { person: me.value.name, view_id: view.id };
  const surface = useMemo(() => {
    const values = valuesOf(view);
    const press = (element, value) => act("press_in_view", { ...who, action_id: element.action_id, value, values: values.value });
    const suggest = async (element, typed) => optionsOf(await act("suggest", { ...who, action_id: element.action_id, value: typed }));
    return { kind: "modal", press, suggest, values, channel: route.value.channel };
  }, [view.id, view.hash]);
  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    const missing = unfilled(view, surface.values.value);
    setErrors(missing);
    if (Object.keys(missing).length) return;
    setBusy(true);
    const told = await trying(() => act("submit", { ...who, values: surface.values.value }));
    setBusy(false);
    setErrors(told?.answer?.response_action === "errors" ? told.answer.errors : {});
  }
  const close = (all) => trying(() => act("close", { ...who, all }));
  return html`<${Dialog} label=${view.title.text} kind="dialog" close=${() => close(false)}>
    <form onSubmit=${submit} noValidate>
      <header class="modal-head">
        ${view.previous_view_id && html`<button type="button" class="icon-button" aria-label="Back" onClick=${() => close(false)}><${Icon} name="left" /></button>`}
        <${Avatar} user=${bot.value} size=${24} /><h2 class="dialog-title">${view.title.text}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${() => close(true)}><${Icon} name="cross" /></button>
      </header>
      <div class="dialog-body" tabindex="-1"><${Surface.Provider} value=${{ ...surface, errors }}><${Blocks} blocks=${view.blocks} /><//></div>
      ${(view.submit || view.close) && html`<footer class="dialog-foot"><small>${appName.value}</small>
        <button type="button" class="button button-default" onClick=${() => close(false)}>${view.close?.text ?? "Cancel"}</button>
        ${view.submit && html`<button class="button button-primary" aria-busy=${busy}>${view.submit.text}</button>`}
      </footer>`}
    </form>
  <//>`;
}

function optionsOf({ answer }) {
  return answer?.options ?? (answer?.option_groups ?? []).flatMap((group) => group.options);
}

/** By block id: inputs that must be filled in and are not, as Slack's client says it. */
function unfilled(view, values) {
  const empty = (value) => value === null || value === undefined || value === "" || value.length === 0;
  const missing = view.blocks.filter((one) => one.type === "input" && !one.optional && empty(values[one.element.action_id]));
  return Object.fromEntries(missing.map((one) => [one.block_id, "Please complete this required field."]));
}
