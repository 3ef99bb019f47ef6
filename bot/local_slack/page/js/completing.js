// What can be completed where the caret stands: people, channels, emoji, the app's commands and shortcuts.
import { mentionable } from "./typing.js";
import { mine, workspace } from "./store.js";
import { characterOf, emoji } from "./text/emoji.js";

const MOST = 8;
const KINDS = [
  { before: /^\/(\S*)$/, find: commands },
  { before: /(?:^|[\s(])@([\w.-]*)$/, find: people },
  { before: /(?:^|[\s(])#([\w-]*)$/, find: channels },
  { before: /(?:^|\s):([a-z0-9_+-]{2,})$/, find: characters },
];

/** {start, items: [{insert, name, hint}]}: what could stand from `start` to the caret; null when nothing does. */
export function completions(text, caret) {
  const before = text.slice(0, caret);
  for (const { before: pattern, find } of KINDS) {
    const match = before.match(pattern);
    const items = match ? find(match[1].toLowerCase()).slice(0, MOST) : [];
    if (items.length) return { start: caret - match[1].length - 1, items };
  }
  return null;
}

function people(typed) {
  return mentionable()
    .filter((one) => one.name.toLowerCase().startsWith(typed))
    .map((one) => ({ insert: `@${one.name} `, name: `@${one.name}`, hint: one.isBot ? "App" : "", user: one.id }));
}

function channels(typed) {
  return mine.value.filter((one) => one.name && one.kind !== "mpim" && one.name.startsWith(typed))
    .map((one) => ({ insert: `#${one.name} `, name: `#${one.name}`, hint: "" }));
}

function characters(typed) {
  return [...emoji.value.keys()].filter((name) => name.startsWith(typed))
    .map((name) => ({ insert: `${characterOf(name)} `, name: `:${name}:`, hint: characterOf(name) }));
}

function commands(typed) {
  const { commands: known = [], shortcuts = [] } = workspace.value?.app ?? {};
  const hint = (one) => [one.usage_hint, one.description].filter(Boolean).join(" — ");
  const typedCommands = known.filter((one) => one.command.slice(1).startsWith(typed))
    .map((one) => ({ insert: `${one.command} `, name: one.command, hint: hint(one) }));
  const global = shortcuts.filter((one) => one.type === "global" && one.name.toLowerCase().includes(typed))
    .map((one) => ({ shortcut: one.callback_id, name: one.name, hint: one.description ?? "Shortcut" }));
  return [...typedCommands, ...global];
}
