// What people type: text, numbers, addresses; and dates and times with the browser's own pickers.
import { html } from "../../vendor/preact.js";
import { words } from "../text/rich.js";
import { useValue } from "./pressing.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number" };

export function TextInput({ element, block, labelledBy }) {
  const rich = element.type === "rich_text_input";
  const { value, keep, press } = useValue(element, block);
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const told = block.dispatch_action;
  const put = (text) => (rich ? richOf(text) : text);
  function typed(event) {
    keep(put(event.target.value));
    if (told && when.includes("on_character_entered")) press(put(event.target.value));
  }
  function key(event) {
    if (event.key !== "Enter" || element.multiline || rich) return;
    if (told && when.includes("on_enter_pressed")) {
      event.preventDefault();
      press(put(event.target.value));
    }
  }
  const shared = {
    class: "field",
    value: rich ? words(value) : (value ?? ""),
    placeholder: element.placeholder?.text,
    "aria-labelledby": labelledBy,
    minlength: element.min_length,
    maxlength: element.max_length ?? 3000,
    autofocus: element.focus_on_load,
    onInput: typed,
    onKeyDown: key,
  };
  if (element.multiline || rich) return html`<textarea rows="4" ...${shared}></textarea>`;
  const step = element.is_decimal_allowed ? "any" : 1;
  const bounds = element.type === "number_input" ? { min: element.min_value, max: element.max_value, step } : {};
  return html`<input type=${TYPES[element.type] ?? "text"} ...${bounds} ...${shared} />`;
}

function richOf(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

const PICKERS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

export function Picker({ element, block, labelledBy }) {
  const { value, set } = useValue(element, block);
  const moment = element.type === "datetimepicker";
  const read = (text) => (text && moment ? Math.floor(new Date(text) / 1000) : text || null);
  return html`<input type=${PICKERS[element.type]} class="field picker"
    value=${moment && value ? localTime(value) : (value ?? "")}
    aria-labelledby=${labelledBy} aria-label=${labelledBy ? undefined : (element.placeholder?.text ?? "When")}
    onChange=${(event) => set(read(event.target.value))} />`;
}

function localTime(seconds) {
  const when = new Date(seconds * 1000);
  return new Date(when - when.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
