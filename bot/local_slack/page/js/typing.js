// Between what people type and what Slack stores: `@anna` and `<@U1>`, `#design` and `<#C1>`, `&` and `&amp;`.
import { bot, mine, people, workspace } from "./store.js";

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Whoever can be mentioned, by what is typed for them. */
export function mentionable() {
  const named = [...people.value.values()].map((one) => ({ name: one.name, id: one.id, isBot: one.id === bot.value }));
  return named.sort((one, other) => other.isBot - one.isBot || one.name.localeCompare(other.name));
}

/** As the message is sent. */
export function toSlack(text) {
  const ids = new Map(mentionable().map((one) => [one.name.toLowerCase(), one.id]));
  const rooms = new Map(mine.value.filter((one) => one.name).map((one) => [one.name, one.id]));
  const mention = (whole, name) => (ids.has(name.toLowerCase()) ? `<@${ids.get(name.toLowerCase())}>` : whole);
  const room = (whole, name) => (rooms.has(name) ? `<#${rooms.get(name)}|${name}>` : whole);
  return text
    .replace(/[&<>]/g, (character) => ESCAPED[character])
    .replace(/(?<![\w@])@([\w.-]*\w)/g, mention)
    .replace(/(?<![\w#&])#([\w-]+)/g, room)
    .replace(/\bhttps?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"]/g, (address) => `<${address}>`);
}

/** As it is edited again. */
export function fromSlack(text) {
  const rooms = new Map((workspace.value?.channels ?? []).map((one) => [one.id, one.name]));
  return text
    .replace(/<@(\w+)>/g, (whole, id) => `@${people.value.get(id)?.name ?? id}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (whole, id) => `#${rooms.get(id) ?? id}`)
    .replace(/<(https?:[^>|]+)(?:\|[^>]*)?>/g, "$1")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** What was typed as a command: {command, text}; null for a message. A space before it makes it one, as in Slack. */
export function asCommand(text) {
  const [, command, rest] = text.match(/^(\/\S+)\s*([\s\S]*)$/) ?? [];
  if (!command) return null;
  const known = workspace.value.app.commands.some((one) => one.command === command);
  if (!known) throw new Error(`${command} is not a valid command. To send it as a message, put a space before it.`);
  return { command, text: rest.trim() };
}
