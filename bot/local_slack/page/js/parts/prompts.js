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
  const say = ({ message: text, files = [], mention = false }) => () => trying(async () => {
    const where = { person: me.value.name, channel, ...(thread ? { thread_ts: thread } : {}) };
    const { ts } = await act("post", { ...where, text, mention, files: files.map((id) => ({ id })) });
    if (!thread) go({ thread: ts, message: null }); // the app answers there
  });
  return html`<div class="prompts" role="group" aria-label="Suggested prompts">
    ${prompts_title && html`<span class="prompts-title">${prompts_title}</span>`}
    ${prompts.map((one) => html`<button type="button" class="prompt" title=${one.message} key=${one.title}
      onClick=${say(one)}>${one.title}</button>`)}
  </div>`;
}
