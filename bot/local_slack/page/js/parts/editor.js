// A message of one's own, written anew.
import { html, useEffect, useRef, useState } from "../../vendor/preact.js";
import { act } from "../api.js";
import { trying } from "../notices.js";
import { me } from "../store.js";
import { fromSlack, toSlack } from "../typing.js";

export function Editor({ channel, message, close }) {
  const [text, setText] = useState(() => fromSlack(message.text));
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    const article = box.current.closest("article");
    box.current.focus();
    box.current.setSelectionRange(text.length, text.length);
    return () => (before !== document.body && before.isConnected ? before : article).focus({ preventScroll: true });
  }, []);
  async function save() {
    if (!text.trim()) return;
    const said = { person: me.value.name, channel, ts: message.ts, text: toSlack(text.trim()) };
    if (await trying(() => act("edit", said))) close();
  }
  function key(event) {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return html`<div class="editor">
    <textarea ref=${box} class="field" rows="2" aria-label="Edit message" value=${text}
      onInput=${(event) => setText(event.target.value)} onKeyDown=${key}></textarea>
    <div class="editor-foot"><button type="button" class="button button-default" onClick=${close}>Cancel</button>
      <button type="button" class="button button-primary" onClick=${save}>Save</button></div>
  </div>`;
}
