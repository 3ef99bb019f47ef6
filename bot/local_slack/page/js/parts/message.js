// One message: who, when, what it says and shows, and what can be done with it.
import { html, useEffect, useMemo, useRef } from "../../vendor/preact.js";
import { act } from "../api.js";
import { Blocks } from "../blocks/blocks.js";
import { Surface } from "../blocks/surface.js";
import { editing, isEdited } from "../editing.js";
import { authorName, personName } from "../names.js";
import { go, route } from "../route.js";
import { bot, me, statuses, statusKey } from "../store.js";
import { Mrkdwn } from "../text/mrkdwn.js";
import { clock, full, since } from "../times.js";
import { Avatar } from "./avatar.js";
import { Editor } from "./editor.js";
import { Files } from "./files.js";
import { Reactions } from "./reactions.js";
import { Status } from "./status.js";
import { Tools } from "./tools.js";

/** `grouped`: the one before is the same author's. `thread`: the root ts when it is shown in a thread. */
export function Message({ channel, message, grouped, thread = null }) {
  const article = useRef(null);
  const { ts } = message;
  const isOpen = isEdited(ts, thread);
  const sought = route.value.message === ts;
  useEffect(() => {
    if (sought) article.current.scrollIntoView({ block: "center" });
  }, [sought]);
  const content = useMemo(() => html`<${Content} channel=${channel} message=${message} />`, [channel, message]);
  const author = authorName(message);
  const edit = message.user === me.value?.id ? () => (editing.value = { ts, thread }) : null;
  const marks = { grouped, sought, ephemeral: message.is_ephemeral };
  const kind = ["message", ...Object.keys(marks).filter((name) => marks[name])].join(" ");
  return html`<article ref=${article} class=${kind} data-ts=${ts} tabindex="-1" aria-label=${`${author} ${clock(ts)}`}>
    <div class="gutter">${grouped ? html`<time title=${full(ts)}>${clock(ts)}</time>` : html`<${Avatar}
      user=${message.user} name=${author} />`}</div>
    <div class="message-body">
      ${message.is_ephemeral && html`<div class="only-you">Only visible to you</div>`}
      ${message.subtype === "thread_broadcast" && !thread && html`<${Broadcast} message=${message} />`}
      ${!grouped && html`<${Head} message=${message} author=${author} />`}
      ${isOpen
        ? html`<${Editor} channel=${channel} message=${message} close=${() => (editing.value = null)} />`
        : content}
      ${message.files?.length > 0 && html`<${Files} files=${message.files} />`}
      <${Reactions} channel=${channel} message=${message} />
      ${!thread && html`<${Replies} channel=${channel} message=${message} />`}
    </div>
    ${!isOpen && message.subtype !== "tombstone" && html`<${Tools} channel=${channel} message=${message}
      thread=${thread} edit=${edit} />`}
  </article>`;
}

function Head({ message, author }) {
  const isApp = message.user === bot.value || message.subtype === "bot_message";
  return html`<div class="message-head"><span class="author">${author}</span>${isApp && html`<span
    class="badge">APP</span>`}
    <time title=${full(message.ts)}>${clock(message.ts)}</time></div>`;
}

/** What people typed is drawn from its mrkdwn: their blocks hold the same words without its marks. */
function Content({ channel, message }) {
  const { ts, blocks, text, streaming } = message;
  const surface = useMemo(() => {
    const press = (element, value) =>
      act("press", { person: me.value.name, channel, ts, action_id: element.action_id, value });
    return { press, values: null, errors: {}, channel, streaming };
  }, [channel, ts, streaming]);
  if (message.subtype === "tombstone") return html`<p class="gone">This message was deleted.</p>`;
  return html`<${Surface.Provider} value=${surface}>
    <div class="content">
      ${blocks?.length && !message.client_msg_id ? html`<${Blocks} blocks=${blocks} />` : text && html`<div
        class="text"><${Mrkdwn} text=${text} /></div>`}
      ${message.edited && html`<span class="edited">(edited)</span>`}
    </div>
  <//>`;
}

function Broadcast({ message }) {
  const open = () => go({ thread: message.thread_ts, message: null });
  return html`<div class="broadcast">replied to a <button type="button" class="link" onClick=${open}>thread</button>
    </div>`;
}

/** Under a root: its replies, and what the app is doing in its thread. */
function Replies({ channel, message }) {
  const doing = statuses.value.get(statusKey(channel, message.ts));
  if (!message.reply_count && !doing) return null;
  const open = () => go({ thread: message.ts, message: null });
  const count = message.reply_count ?? 0;
  return html`<div class="replies">
    ${count > 0 && html`<button type="button" class="replies-button" onClick=${open}
      aria-label=${`${count} ${count === 1 ? "reply" : "replies"}`}>
      <span class="replies-faces">${message.reply_users.map((id) => html`<${Avatar} user=${id} name=${personName(id)}
        size=${24} key=${id} />`)}</span>
      <span class="replies-count">${count} ${count === 1 ? "reply" : "replies"}</span>
      <span class="replies-last">Last reply ${since(message.latest_reply)}</span>
    </button>`}
    ${doing && html`<${Status} doing=${doing} />`}
  </div>`;
}
