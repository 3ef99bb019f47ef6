// Where messages are written: Enter sends, Shift+Enter begins a line, files are pasted, dropped or picked.
import { html, useEffect, useId, useRef, useState } from "../../vendor/preact.js";
import { act } from "../api.js";
import { useAttachments } from "../attaching.js";
import { completions } from "../completing.js";
import { editNewest } from "../editing.js";
import { trying } from "../notices.js";
import { go } from "../route.js";
import { isApp, me } from "../store.js";
import { asCommand, toSlack } from "../typing.js";
import { Attachments } from "./attachments.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { EmojiPicker } from "./reactions.js";
import { Suggestions } from "./suggestions.js";
import { characterOf } from "../text/emoji.js";

export function Composer({ channel, thread = null, label }) {
  const draft = `draft ${me.value.name} ${channel.id} ${thread}`; // kept over reloads, for this tab
  return html`<${Form} key=${draft} draft=${draft} channel=${channel} thread=${thread} label=${label} />`;
}

function Form({ draft, channel, thread, label }) {
  const [text, setText] = useState(sessionStorage.getItem(draft) ?? "");
  const [broadcast, setBroadcast] = useState(false);
  const [offered, setOffered] = useState(null); // {start, items, chosen}
  const [picking, setPicking] = useState(false);
  const [busy, setBusy] = useState(false);
  const { files, add, remove, uploaded, clear } = useAttachments();
  const box = useRef(null);
  const form = useRef(null);
  const list = useId();
  useEffect(() => {
    if (text) sessionStorage.setItem(draft, text);
    else sessionStorage.removeItem(draft);
  }, [text]);
  const dragging = useDrops(form, add);

  function typed(next, caret) {
    setText(next);
    const found = completions(next, caret);
    setOffered(found && { ...found, chosen: 0 });
  }

  /** Puts words where the caret is, from `start` on. */
  function insert(words, start = box.current.selectionStart) {
    box.current.focus();
    box.current.setRangeText(words, start, box.current.selectionEnd, "end");
    typed(box.current.value, box.current.selectionEnd);
  }

  async function complete(item) {
    setOffered(null);
    if (!item.shortcut) return insert(item.insert, offered.start);
    setText("");
    await trying(() => act("shortcut", { person: me.value.name, callback_id: item.shortcut }));
  }

  async function send() {
    const said = text.trim();
    if (busy || (!said && !files.length)) return;
    setBusy(true);
    const sent = await trying(() => deliver(said).then(() => true));
    setBusy(false);
    if (!sent) setText((now) => now || text);
    box.current?.focus();
  }

  async function deliver(said) {
    const where = { person: me.value.name, channel: channel.id };
    const command = thread || files.length ? null : asCommand(text);
    setText("");
    setOffered(null);
    if (command) return act("slash", { ...where, ...command });
    const sent = (await uploaded()).map((id) => ({ id }));
    const inThread = thread ? { thread_ts: thread, broadcast } : {};
    const { ts } = await act("post", { ...where, text: toSlack(said), files: sent, ...inThread });
    clear(); // only now: what was refused can be sent again
    setBroadcast(false);
    if (isApp(channel) && !thread) go({ thread: ts, message: null }); // the app answers there
  }

  function key(event) {
    const { key: name, shiftKey, isComposing } = event;
    if (offered && choose(name)) event.preventDefault();
    else if (name === "ArrowUp" && !text && editNewest(channel.id, thread)) event.preventDefault();
    else if (name === "Enter" && !shiftKey && !isComposing) {
      event.preventDefault();
      send();
    }
  }

  /** Keys that work on the suggestions; whether this was one. */
  function choose(name) {
    const { items, chosen } = offered;
    const step = { ArrowDown: 1, ArrowUp: -1 }[name];
    if (step) setOffered({ ...offered, chosen: (chosen + step + items.length) % items.length });
    else if (name === "Enter" || name === "Tab") complete(items[chosen]);
    else if (name === "Escape") setOffered(null);
    else return false;
    return true;
  }

  const pasted = (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  const picked = (event) => {
    add(event.target.files);
    event.target.value = "";
    box.current.focus();
  };
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  const able = !busy && (text.trim() || files.length > 0);

  return html`<form class="composer" ref=${form} onSubmit=${submit}>
    ${dragging && html`<div class="drop-hint" aria-hidden="true">Drop to add to your message</div>`}
    ${offered && html`<${Suggestions} id=${list} items=${offered.items} chosen=${offered.chosen} take=${complete} />`}
    <div class="composer-box">
      <textarea ref=${box} rows="1" aria-label=${label} placeholder=${thread ? "Reply…" : label} value=${text}
        role="textbox" aria-autocomplete="list"
        aria-controls=${offered ? list : undefined}
          aria-activedescendant=${offered ? `${list}-${offered.chosen}` : undefined}
        onInput=${(event) => typed(event.target.value, event.target.selectionStart)} onKeyDown=${key} onPaste=${pasted}
          onBlur=${() => setOffered(null)}></textarea>
      <${Attachments} files=${files} remove=${remove} />
      <div class="composer-foot">
        <input type="file" multiple hidden data-testid="files" id=${`${list}-files`} onChange=${picked} />
        <${IconButton} label="Add files" icon="plus" kind="round"
          onClick=${() => form.current.querySelector("[type=file]").click()} />
        <${IconButton} label="Emoji" icon="smile" onClick=${() => setPicking(true)} />
        <button type="button" class="icon-button at-sign" aria-label="Mention somebody" title="Mention somebody"
          onClick=${() => insert("@")}>@</button>
        ${thread && html`<label class="broadcast-choice"><input type="checkbox" checked=${broadcast}
          onChange=${(event) => setBroadcast(event.target.checked)} />Also send to the channel</label>`}
        <span class="composer-space"></span>
        <button class="send" aria-label="Send" title="Send" disabled=${!able}><${Icon}
          name=${busy ? "spinner" : "send"} /></button>
      </div>
    </div>
    ${picking && html`<${EmojiPicker} close=${() => setPicking(false)}
      choose=${(name) => { setPicking(false); insert(characterOf(name)); }} />`}
  </form>`;
}

/** Files dropped anywhere on the composer's pane are its own. Returns whether some hover there. */
function useDrops(form, add) {
  const [over, setOver] = useState(false);
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    const pane = form.current.parentElement;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    const listeners = {
      dragover: (event) => carries(event) && (event.preventDefault(), setOver(true)),
      dragleave: (event) => pane.contains(event.relatedTarget) || setOver(false),
      drop: (event) => {
        setOver(false);
        if (!carries(event)) return;
        event.preventDefault();
        latest.current(event.dataTransfer.files);
      },
    };
    for (const [name, listener] of Object.entries(listeners)) pane.addEventListener(name, listener);
    return () => Object.entries(listeners).forEach(([name, listener]) => pane.removeEventListener(name, listener));
  }, []);
  return over;
}
