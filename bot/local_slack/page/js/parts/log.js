// A list of messages: days, groups of one author, older ones on demand.
// It follows the newest unless somebody reads above.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/preact.js";
import { conversation, loadOlder } from "../conversations.js";
import { trying } from "../notices.js";
import { route } from "../route.js";
import { me } from "../store.js";
import { dayKey, dayName } from "../times.js";
import { Message } from "./message.js";

const TOGETHER = 300; // seconds within which messages of one author stand together
const NEAR = 80; // pixels from the end that count as the end

/** `unreadAfter`: the ts after which messages are new; `head`: what stands before the first; `foot`: after the last. */
export function Log({ channel, thread, label, unreadAfter, head, foot }) {
  const { messages, more, loaded } = conversation(channel, thread).value;
  const frame = useRef(null);
  const atEnd = useRef(true);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const grown = new ResizeObserver(() => atEnd.current && toEnd(frame.current));
    grown.observe(frame.current.firstElementChild);
    grown.observe(frame.current);
    return () => grown.disconnect();
  }, []);
  useLayoutEffect(() => {
    atEnd.current = !route.value.message;
    if (atEnd.current) toEnd(frame.current);
  }, [channel, thread, loaded, me.value?.id]);
  const newest = messages.at(-1);
  useLayoutEffect(() => {
    if (!loaded || newest?.user !== me.value?.id || route.value.message) return;
    atEnd.current = true;
    toEnd(frame.current);
  }, [newest?.ts]);
  const last = useRef(0);
  function scrolled({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) {
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    atEnd.current = near || (atEnd.current && scrollTop >= last.current); // to grow below is not to be read above
    last.current = scrollTop;
  }
  async function older() {
    setBusy(true);
    const before = frame.current.scrollHeight;
    await trying(() => loadOlder(channel, thread));
    setBusy(false);
    requestAnimationFrame(() => (frame.current.scrollTop += frame.current.scrollHeight - before));
  }
  return html`<div class="log" role="log" aria-label=${label} aria-busy=${!loaded} tabindex="0" ref=${frame}
    onScroll=${scrolled} onKeyDown=${arrows}>
    <div class="log-inside">
      ${more ? html`<button type="button" class="button button-default older" disabled=${busy}
        onClick=${older}>Older messages</button>` : head}
      ${rows(messages, unreadAfter).map((row) => row.divider
        ? html`<div class=${`divider ${row.isNew ? "divider-new" : ""}`} role="separator" key=${row.key}><span>
          ${row.divider}</span></div>`
        : html`<${Message} key=${row.message.ts} channel=${channel} thread=${thread} ...${row} />`)}
      ${foot}
    </div>
  </div>`;
}

const toEnd = (frame) => frame && (frame.scrollTop = frame.scrollHeight);

/** Messages with dividers between days and before what is new. */
function rows(messages, unreadAfter) {
  const shown = [];
  let before = null;
  let told = false;
  for (const message of messages) {
    if (!before || dayKey(before.ts) !== dayKey(message.ts)) {
      shown.push({ divider: dayName(message.ts), key: `day ${message.ts}` });
      before = null;
    }
    if (!told && unreadAfter && message.ts > unreadAfter && message.user !== me.value?.id) {
      shown.push({ divider: "New", isNew: true, key: "new" });
      told = true;
      before = null;
    }
    shown.push({ message, grouped: together(before, message) });
    before = message;
  }
  return shown;
}

function together(before, message) {
  const who = (one) => `${one.user} ${one.username} ${one.is_ephemeral} ${one.subtype === "tombstone"}`;
  return Boolean(before) && who(before) === who(message) && message.ts - before.ts < TOGETHER && !before.reply_count;
}

/** Up and down, Home and End move between messages. */
function arrows(event) {
  const all = [...event.currentTarget.querySelectorAll("article")];
  const inside = event.target === event.currentTarget || all.includes(event.target);
  if (!inside || !all.length) return;
  const at = all.indexOf(event.target);
  const [above, below] = [at < 0 ? -1 : Math.max(0, at - 1), Math.min(all.length - 1, at + 1)];
  const to = { ArrowUp: above, ArrowDown: below, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to).focus();
  all.at(to).scrollIntoView({ block: "nearest" });
}
