// The messages of the channels and threads that are open in this tab, kept as the server has them.
import { signal } from "../vendor/preact.js";
import { look } from "./api.js";
import { me, mine, noteLatest } from "./store.js";

const PAGE = 100;
const open = new Map(); // "person channel thread" -> {person, channel, thread, list: signal}

/** A signal of {messages, more, loaded} of a channel, or of one of its threads. */
export function conversation(channel, thread = null) {
  const person = me.value.name;
  const key = `${person} ${channel} ${thread}`;
  if (!open.has(key)) {
    forgetOthers(person);
    open.set(key, { person, channel, thread, list: signal({ messages: [], more: false, loaded: false }) });
    load(open.get(key));
  }
  return open.get(key).list;
}

/** What another person saw in this tab is none of this one's. */
function forgetOthers(person) {
  for (const [key, where] of open) if (where.person !== person) open.delete(key);
}

async function load(where) {
  const query = { channel: where.channel, thread_ts: where.thread, person: where.person, limit: PAGE };
  const { messages, more } = await look("messages", query);
  where.list.value = { messages, more, loaded: true };
}

/** The page before what is there. */
export async function loadOlder(channel, thread = null) {
  const list = conversation(channel, thread);
  const before = list.value.messages[0]?.ts;
  const query = { channel, thread_ts: thread, person: me.value.name, limit: PAGE, before };
  const { messages, more } = await look("messages", query);
  list.value = { ...list.value, messages: [...messages, ...list.value.messages], more };
}

/** Everything that is open, read again where it stands. */
export async function reloadAll() {
  const known = new Set(mine.value.map((one) => one.id));
  for (const [key, { channel }] of open) if (!known.has(channel)) open.delete(key); // the workspace began anew
  await Promise.all([...open.values()].map(load));
}

const asked = new Map(); // a message that is being read -> whether it changed again meanwhile

/** A message changed: reads it, and what counts its replies, into every place that shows it. */
export async function refresh(channel, ts) {
  if (!mine.value.some((one) => one.id === channel)) return;
  const key = `${channel} ${ts}`;
  if (asked.has(key)) {
    asked.set(key, true);
    return;
  }
  asked.set(key, false);
  const { message } = await look("message", { channel, ts, person: me.value.name });
  const changed = asked.get(key);
  asked.delete(key);
  place(channel, ts, message);
  if (changed) await refresh(channel, ts);
}

function place(channel, ts, message) {
  const root = rootOf(channel, ts, message);
  for (const where of open.values()) {
    if (where.channel === channel) where.list.value = placed(where, ts, message);
  }
  if (message) noteLatest(channel, message);
  if (root && root !== ts) refresh(channel, root);
}

function rootOf(channel, ts, message) {
  if (message) return message.thread_ts;
  const shown = [...open.values()].flatMap((where) => where.list.value.messages);
  return shown.find((one) => one.ts === ts)?.thread_ts;
}

function placed(where, ts, message) {
  const list = where.list.value;
  const others = list.messages.filter((one) => one.ts !== ts);
  if (!message || !belongs(where, message)) return { ...list, messages: others };
  const older = list.more && list.messages.length && ts < list.messages[0].ts;
  if (older) return list;
  const at = others.findLastIndex((one) => one.ts < ts) + 1;
  return { ...list, messages: [...others.slice(0, at), message, ...others.slice(at)] };
}

function belongs(where, message) {
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  if (where.thread) return message.ts === where.thread || message.thread_ts === where.thread;
  return !reply || message.subtype === "thread_broadcast";
}

/** A file was renamed or is gone: whatever shows it is read again. */
export function refreshFile(id) {
  for (const { channel, list } of open.values()) {
    const showing = list.value.messages.filter((one) => JSON.stringify(one).includes(id));
    showing.forEach((one) => refresh(channel, one.ts));
  }
}
