// Reactions under a message, and the picker that adds them.
import { html, useMemo, useState } from "../../vendor/preact.js";
import { act } from "../api.js";
import { personName } from "../names.js";
import { trying } from "../notices.js";
import { me } from "../store.js";
import { characterOf, emoji, Emoji } from "../text/emoji.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";

const OFTEN = [
  ...["+1", "-1", "eyes", "white_check_mark", "tada", "heart", "joy", "thinking_face"],
  ...["raised_hands", "fire", "rocket", "wave", "pray", "clap", "100", "x"],
];
const MOST = 64;

const react = (channel, ts, name, on) =>
  trying(() => act(on ? "react" : "unreact", { person: me.value.name, channel, ts, name }));

export function Reactions({ channel, message }) {
  if (!message.reactions?.length) return null;
  return html`<div class="reactions" role="group" aria-label="Reactions">
    ${message.reactions.map((one) => html`<${Reaction} key=${one.name} one=${one} channel=${channel}
      ts=${message.ts} />`)}
    <${AddReaction} channel=${channel} ts=${message.ts} kind="reaction reaction-add" />
  </div>`;
}

function Reaction({ one, channel, ts }) {
  const own = one.users.includes(me.value?.id);
  const who = one.users.map(personName).join(", ");
  return html`<button type="button" class=${`reaction ${own ? "own" : ""}`} aria-pressed=${own}
    title=${`${who} reacted with :${one.name}:`}
    aria-label=${`${one.name.replaceAll("_", " ")}, ${one.count}: ${who}`}
      onClick=${() => react(channel, ts, one.name, !own)}>
    <${Emoji} name=${one.name} /><span>${one.count}</span>
  </button>`;
}

export function AddReaction({ channel, ts, kind = "icon-button" }) {
  const [open, setOpen] = useState(false);
  const choose = (name) => {
    setOpen(false);
    react(channel, ts, name, true);
  };
  return html`<button type="button" class=${kind} aria-label="React" title="React" onClick=${() => setOpen(true)}>
    <${Icon} name="smile" /></button>
    ${open && html`<${EmojiPicker} choose=${choose} close=${() => setOpen(false)} />`}`;
}

export function EmojiPicker({ choose, close }) {
  const [typed, setTyped] = useState("");
  const found = useMemo(() => names(typed), [typed, emoji.value]);
  return html`<${Dialog} label="Emoji" kind="dialog dialog-emoji" close=${close}>
    <input class="field" type="search" aria-label="Search emoji" placeholder="Search emoji" autofocus
      onInput=${(event) => setTyped(event.target.value)} />
    <div class="emoji-grid">${found.map((name) => html`<button type="button" key=${name}
      aria-label=${name.replaceAll("_", " ")} title=${`:${name}:`}
      onClick=${() => choose(name)}>${characterOf(name)}</button>`)}</div>
  <//>`;
}

/** Those used most, or those whose name has what was typed. */
function names(typed) {
  const wanted = typed.trim().toLowerCase().replaceAll(" ", "_").replaceAll(":", "");
  if (!wanted) return OFTEN.filter(characterOf);
  return [...emoji.value.keys()].filter((name) => name.includes(wanted)).slice(0, MOST);
}
