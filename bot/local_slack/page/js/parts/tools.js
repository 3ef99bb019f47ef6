// What hovers over a message: react, reply, and everything else.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { notice, trying } from "../notices.js";
import { go } from "../route.js";
import { me, workspace } from "../store.js";
import { agreed } from "./confirm.js";
import { IconButton } from "./icon_button.js";
import { MenuButton } from "./menu.js";
import { AddReaction } from "./reactions.js";

/** `edit`: null for messages of others. */
export function Tools({ channel, message, thread, edit }) {
  if (message.is_ephemeral) return null;
  const { ts } = message;
  const may = edit || me.value?.role === "admin";
  const items = [
    ...shortcuts(channel, ts),
    { name: "Copy link", icon: "link", act: () => copyLink(channel, message) },
    edit && { name: "Edit message", icon: "edit", act: edit },
    may && { name: "Delete message", icon: "trash", danger: true, act: () => remove(channel, ts) },
  ];
  return html`<div class="tools" role="group" aria-label="Message actions">
    <${AddReaction} channel=${channel} ts=${ts} />
    ${!thread && html`<${IconButton} label="Reply in thread" icon="reply"
      onClick=${() => go({ thread: message.thread_ts ?? ts, message: null })} />`}
    <${MenuButton} label="More actions" icon="more" items=${items} />
  </div>`;
}

/** The app's message shortcuts, from its manifest. */
function shortcuts(channel, ts) {
  const offered = (workspace.value?.app?.shortcuts ?? []).filter((one) => one.type === "message");
  const use = (one) => () =>
    trying(() => act("message_action", { person: me.value.name, channel, ts, callback_id: one.callback_id }));
  return offered.map((one) => ({ name: one.name, icon: "bolt", act: use(one) }));
}

async function copyLink(channel, { ts, thread_ts }) {
  const root = thread_ts && thread_ts !== ts ? `?thread_ts=${thread_ts}&cid=${channel}` : "";
  const link = `${location.origin}/archives/${channel}/p${ts.replace(".", "")}${root}`;
  await trying(() => navigator.clipboard.writeText(link));
  notice("The link is copied.");
}

async function remove(channel, ts) {
  const sure = await agreed("Delete message", "It is gone for everybody.", "Delete");
  if (sure) await trying(() => act("delete", { person: me.value.name, channel, ts }));
}
