// What the app shows around a conversation: suggested prompts, and the title of a thread.
import { signal } from "../vendor/preact.js";
import { look } from "./api.js";

const open = new Map(); // "channel thread" -> signal

/** A signal of {prompts, prompts_title, title} of a conversation. */
export function panel(channel, thread = null) {
  const key = `${channel} ${thread}`;
  if (!open.has(key)) {
    open.set(key, signal({ prompts: [], prompts_title: "", title: "" }));
    notePanel(channel, thread);
  }
  return open.get(key);
}

export async function notePanel(channel, thread = null) {
  const shown = open.get(`${channel} ${thread}`);
  if (shown) shown.value = await look("panel", { channel, thread_ts: thread });
}
