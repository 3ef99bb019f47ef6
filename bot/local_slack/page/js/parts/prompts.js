// What the app suggests to ask; a press says it.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { trying } from "../notices.js";
import { panel } from "../panels.js";
import { go } from "../route.js";
import { me } from "../store.js";

export function Prompts({ channel, thread = null }) {
  const { prompts, prompts_title } = panel(channel, thread).value;
  if (!prompts.length) return null;
  const say = (text) => () => trying(async () => {
    const { ts } = await act("post", { person: me.value.name, channel, text, ...(thread ? { thread_ts: thread } : {}) });
    if (!thread) go({ thread: ts, message: null }); // the app answers there
  });
  return html`<div class="prompts" role="group" aria-label="Suggested prompts">
    ${prompts_title && html`<span class="prompts-title">${prompts_title}</span>`}
    ${prompts.map((one) => html`<button type="button" class="prompt" title=${one.message} key=${one.title} onClick=${say(one.message)}>${one.title}</button>`)}
  </div>`;
}
