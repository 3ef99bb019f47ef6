// "Are you sure?", asked wherever an element or the page itself wants it.
import { html, signal } from "../../vendor/preact.js";
import { TextObject } from "../text/mrkdwn.js";
import { Dialog } from "./dialog.js";

const asking = signal(null); // {confirm, answer}

/** Asks what a confirm object of Block Kit says. Resolves to whether they agreed. */
export function confirmed(confirm) {
  return new Promise((answer) => (asking.value = { confirm, answer }));
}

/** The same, in words of the page's own. */
export function agreed(title, text, yes) {
  const plain = (words) => ({ type: "plain_text", text: words });
  const buttons = { confirm: plain(yes), deny: plain("Cancel"), style: "danger" };
  return confirmed({ title: plain(title), text: plain(text), ...buttons });
}

export function Confirmation() {
  if (!asking.value) return null;
  const { confirm, answer } = asking.value;
  const say = (agrees) => {
    asking.value = null;
    answer(agrees);
  };
  return html`<${Dialog} label=${confirm.title.text} kind="dialog dialog-small" close=${() => say(false)}>
    <h2 class="dialog-title"><${TextObject} of=${confirm.title} /></h2>
    <div class="dialog-body text"><${TextObject} of=${confirm.text} /></div>
    <div class="dialog-foot">
      <button type="button" class="button button-default" onClick=${() => say(false)}>${confirm.deny.text}</button>
      <button type="button" class=${`button button-${confirm.style ?? "primary"}`} autofocus onClick=${() => say(true)}>
        ${confirm.confirm.text}</button>
    </div>
  <//>`;
}
