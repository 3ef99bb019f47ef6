// How far each person has read each channel: kept in this browser, the same in all its tabs.
import { effect, signal } from "../vendor/preact.js";
import { me, workspace } from "./store.js";

const key = () => `read ${workspace.value?.team} ${me.value?.id}`;

const kept = () => JSON.parse(localStorage.getItem(key()) ?? "{}");
const marks = signal({});

effect(() => {
  if (workspace.value && me.value) marks.value = kept();
});
addEventListener("storage", (event) => event.key === key() && (marks.value = kept()));

/** Whether somebody may be looking at this tab. */
export const visible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => (visible.value = !document.hidden));

/** The ts up to which a channel is read; undefined where nothing ever was. */
export const readUntil = (channel) => marks.value[channel];

/** Whether somebody else said something there since. */
export function isUnread(channel) {
  const { latest } = channel;
  return Boolean(latest && latest.user !== me.value?.id && latest.ts > (readUntil(channel.id) ?? ""));
}

export function markRead(channel) {
  if (!channel.latest || channel.latest.ts <= (readUntil(channel.id) ?? "")) return;
  marks.value = { ...kept(), [channel.id]: channel.latest.ts };
  localStorage.setItem(key(), JSON.stringify(marks.value));
}
