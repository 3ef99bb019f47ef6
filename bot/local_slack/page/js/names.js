// What people and conversations are called, and how they look beside their messages.
import { appName, bot, me, people } from "./store.js";

export function personName(id) {
  return id === bot.value ? appName.value : (people.value.get(id)?.name ?? id ?? "someone");
}

/** What people type to mention the app, without the `@`. */
export const botHandle = () => people.value.get(bot.value)?.name ?? "app";

/** Who said a message: a person, the app, or another app under a name of its own. */
export function authorName(message) {
  return message.username ?? (message.user ? personName(message.user) : "app");
}

/** `design`; for direct conversations the others in it. */
export function channelName(channel) {
  if (channel.kind === "channel" || channel.kind === "group") return channel.name;
  const others = channel.members.filter((id) => id !== me.value?.id);
  return others.map(personName).join(", ") || `${personName(me.value?.id)} (you)`;
}

/** `#design`, `Spyglass`. */
export const spokenName = (channel) =>
  channel.kind === "channel" || channel.kind === "group" ? `#${channel.name}` : channelName(channel);

/** One of eight hues, the same for a name wherever it stands. */
export function hue(name) {
  let sum = 0;
  for (const letter of name ?? "") sum = (sum * 31 + letter.codePointAt(0)) % 4096;
  return sum % 8;
}
