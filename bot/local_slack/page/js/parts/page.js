// The whole page: side bar, conversation, thread, traffic, and what lies over them.
import { html, useEffect, useRef } from "../../vendor/preact.js";
import { connected } from "../live.js";
import { dismiss, notices } from "../notices.js";
import { route } from "../route.js";
import { current, me, workspace } from "../store.js";
import { isOpen } from "../traffic.js";
import { Channel } from "./channel.js";
import { Confirmation } from "./confirm.js";
import { Gallery } from "./gallery.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { Inspector } from "./inspector.js";
import { Lightbox } from "./lightbox.js";
import { Modal } from "./modal.js";
import { Question } from "./question.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { Topbar } from "./topbar.js";

export function Page() {
  if (!workspace.value) return html`<p class="closed" role="status">Opening the workspace…</p><${Connection} />`;
  if (!me.value) return html`<${Topbar} /><p class="closed">Nobody is in this workspace yet.</p><${Overlays} />`;
  const channel = current.value;
  const gallery = Boolean(route.value.gallery);
  const thread = channel && !gallery && route.value.thread;
  const pane = thread ? "thread" : route.value.pane === "list" || (!channel && !gallery) ? "list" : "channel";
  return html`<div class="frame" data-pane=${pane}>
    <${Topbar} />
    <${Connection} />
    <div class="panes">
      <${Sidebar} />
      <main class="desk"><div class="desk-panes">
        ${gallery ? html`<${Gallery} key=${me.value.id} />` : channel ? html`<${Channel} channel=${channel} key=${`${me.value.id} ${channel.id}`} />` : html`<p
          class="closed">Choose a channel.</p>`}
        ${thread && html`<${Thread} channel=${channel} root=${thread} key=${`${me.value.id} ${thread}`} />`}
        </div>
        ${isOpen.value && html`<${Inspector} />`}
      </main>
    </div>
    <${Overlays} />
  </div>`;
}

const Overlays = () => html`<${Modal} /><${Confirmation} /><${Question} /><${Lightbox} /><${Notices} />`;

function Connection() {
  if (connected.value) return null;
  return html`<div class="connection" role="alert"><${Icon} name="spinner" />Connection lost. Trying again…</div>`;
}

/** Over everything, open dialogs too: each new one is brought to the front again. */
function Notices() {
  const section = useRef(null);
  const newest = notices.value.at(-1)?.id;
  useEffect(() => {
    section.current.hidePopover();
    if (newest) section.current.showPopover();
  }, [newest]);
  return html`<section class="notices" popover="manual" ref=${section} aria-label="Notices">
    ${notices.value.map((one) => html`<div class="notice" role="alert" key=${one.id}>
    <span>${one.text}</span><${IconButton} label="Dismiss" icon="cross" onClick=${() => dismiss(one.id)} />
  </div>`)}</section>`;
}
