// Block elements: which component draws each kind, and how all of them ask before they act.
import { html } from "../../vendor/preact.js";
import { Button, FeedbackButtons, IconPress, Overflow } from "./buttons.js";
import { Boxes, Radios } from "./choices.js";
import { External } from "./external.js";
import { ImageElement } from "./image.js";
import { MultiSelect, Select } from "./selects.js";
import { Picker, TextInput } from "./typed.js";

const ELEMENTS = {
  button: Button,
  workflow_button: Button,
  icon_button: IconPress,
  feedback_buttons: FeedbackButtons,
  overflow: Overflow,
  checkboxes: Boxes,
  radio_buttons: Radios,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  static_select: Select,
  users_select: Select,
  channels_select: Select,
  conversations_select: Select,
  external_select: External,
  multi_static_select: MultiSelect,
  multi_users_select: MultiSelect,
  multi_channels_select: MultiSelect,
  multi_conversations_select: MultiSelect,
  multi_external_select: External,
  plain_text_input: TextInput,
  rich_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  image: ({ element }) => html`<${ImageElement} element=${element} size="thumb" />`,
};

export function Element({ element, block, labelledBy }) {
  const Drawn = ELEMENTS[element.type];
  if (!Drawn) return html`<span class="block-unknown">An element of type ${element.type}</span>`;
  return html`<${Drawn} element=${element} block=${block} labelledBy=${labelledBy} />`;
}
