// The app's modals: the one on top of the stack, with what its inputs hold and what is wrong with them.
import { html, signal, useMemo, useRef, useState } from "../../vendor/preact.js";
import { act } from "../api.js";
import { Blocks } from "../blocks/blocks.js";
import { Surface } from "../blocks/surface.js";
import { initialValues } from "../blocks/values.js";
import { trying } from "../notices.js";
import { route } from "../route.js";
import { appName, bot, me, screen } from "../store.js";
import { Avatar } from "./avatar.js";
import { Dialog } from "./dialog.js";
import { IconButton } from "./icon_button.js";

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
    const about = (element, value) => ({ ...who, action_id: element.action_id, value });
    const press = (element, value) => act("press_in_view", { ...about(element, value), values: values.value });
    const suggest = async (element, typed) => optionsOf(await act("suggest", about(element, typed)));
    return { press, suggest, values, channel: route.value.channel };
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
  const closing = useRef(false); // a second press of Close or Esc comes before the first is answered
  async function close(all) {
    if (closing.current) return;
    closing.current = true;
    await trying(() => act("close", { ...who, all }));
    closing.current = false;
  }
  return html`<${Dialog} label=${view.title.text} kind="dialog" close=${() => close(false)}>
    <form onSubmit=${submit} noValidate>
      <header class="modal-head">
        ${view.previous_view_id && html`<${IconButton} label="Back" icon="left" onClick=${() => close(false)} />`}
        <${Avatar} user=${bot.value} size=${24} /><h2 class="dialog-title">${view.title.text}</h2>
        <${IconButton} label="Close" icon="cross" onClick=${() => close(true)} />
      </header>
      <div class="dialog-body" tabindex="-1"><${Surface.Provider} value=${{ ...surface, errors }}><${Blocks}
        blocks=${view.blocks} /><//></div>
      ${(view.submit || view.close) && html`<footer class="dialog-foot"><small>${appName.value}</small>
        <button type="button" class="button button-default" onClick=${() => close(false)}>
          ${view.close?.text ?? "Cancel"}</button>
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
  const needed = view.blocks.filter((one) => one.type === "input" && !one.optional);
  const missing = needed.filter((one) => empty(values[one.element.action_id]));
  return Object.fromEntries(missing.map((one) => [one.block_id, "Please complete this required field."]));
}
