// A thread, in the panel beside its channel.
import { html, useEffect, useRef } from "../../vendor/preact.js";
import { spokenName } from "../names.js";
import { panel } from "../panels.js";
import { go } from "../route.js";
import { statuses, statusKey } from "../store.js";
import { Composer } from "./composer.js";
import { IconButton } from "./icon_button.js";
import { Log } from "./log.js";
import { Prompts } from "./prompts.js";
import { Status } from "./status.js";

export function Thread({ channel, root }) {
  const section = useRef(null);
  const { title } = panel(channel.id, root).value;
  const doing = statuses.value.get(statusKey(channel.id, root));
  const close = () => {
    go({ thread: null, message: null });
    document.querySelector(`.log [data-ts="${CSS.escape(root)}"]`)?.focus();
  };
  useEffect(() => section.current.querySelector("textarea")?.focus(), [root]);
  const escape = (event) => event.key === "Escape" && !event.defaultPrevented && close();
  return html`<section class="thread" aria-label="Thread" ref=${section} onKeyDown=${escape}>
    <header class="pane-head">
      <${IconButton} label="Back to the channel" icon="left" kind="back" onClick=${close} />
      <div class="pane-title"><h2>${title || "Thread"}</h2><span class="pane-where">${spokenName(channel)}</span></div>
      <${IconButton} label="Close thread" icon="cross" onClick=${close} />
    </header>
    <${Log} channel=${channel.id} thread=${root} label="Replies" foot=${doing && html`<${Status} doing=${doing} />`} />
    <${Prompts} channel=${channel.id} thread=${root} />
    <${Composer} channel=${channel} thread=${root} label="Reply" />
  </section>`;
}
