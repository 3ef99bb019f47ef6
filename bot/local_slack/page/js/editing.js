// Which message is being written anew in this tab.
import { signal } from "../vendor/preact.js";
import { conversation } from "./conversations.js";
import { me } from "./store.js";

/** {ts, thread}: it, and where: a root stands in its channel and in its thread. Null: none is. */
export const editing = signal(null);

export const isEdited = (ts, thread) => editing.value?.ts === ts && editing.value.thread === thread;

/** Begins with the newest of one's own, as ArrowUp in an empty composer does; false when there is none. */
export function editNewest(channel, thread = null) {
  const own = conversation(channel, thread).value.messages.filter((one) => one.user === me.value.id);
  if (own.length) editing.value = { ts: own.at(-1).ts, thread };
  return own.length > 0;
}
