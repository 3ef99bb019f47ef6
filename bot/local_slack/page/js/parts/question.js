// One short question with one line to answer it.
import { html, signal } from "../../vendor/preact.js";
import { Dialog } from "./dialog.js";

const asking = signal(null); // {title, label, answer}

/** Resolves to what was typed, or to null. */
export function ask(title, label) {
  return new Promise((answer) => (asking.value = { title, label, answer }));
}

export function Question() {
  if (!asking.value) return null;
  const { title, label, answer } = asking.value;
  const say = (text) => {
    asking.value = null;
    answer(text);
  };
  const submit = (event) => {
    event.preventDefault();
    say(event.target.elements.answer.value.trim() || null);
  };
  return html`<${Dialog} label=${title} kind="dialog dialog-small" close=${() => say(null)}>
    <form onSubmit=${submit}>
      <h2 class="dialog-title">${title}</h2>
      <label class="dialog-body"><span class="input-label">${label}</span><input class="field" name="answer"
        maxlength="80" autofocus /></label>
      <div class="dialog-foot">
        <button type="button" class="button button-default" onClick=${() => say(null)}>Cancel</button>
        <button class="button button-primary">Create</button>
      </div>
    </form>
  <//>`;
}
