// What the page knows of the workspace: people, channels, the app, statuses; and who acts in this tab.
import { computed, signal } from "../vendor/preact.js";
import { look } from "./api.js";
import { go, route } from "./route.js";

/** {people, channels, app, team, bot_user, …} as /_local/state gives it; null until it is there. */
export const workspace = signal(null);
/** "channel thread" -> what the app says it is doing there. */
export const statuses = signal(new Map());
/** What the app shows on this person's screen: {view, home}. */
export const screen = signal({ view: null, home: null });

export const people = computed(() => new Map((workspace.value?.people ?? []).map((one) => [one.id, one])));
export const humans = computed(() => (workspace.value?.people ?? []).filter((one) => one.role !== "bot"));
export const me = computed(() => humans.value.find((one) => one.name === route.value.user) ?? humans.value[0]);
export const bot = computed(() => workspace.value?.bot_user);
export const appName = computed(() => workspace.value?.app?.name ?? "App");

/** The conversations this person is in. */
export const mine = computed(() =>
  (workspace.value?.channels ?? []).filter((one) => one.members.includes(me.value?.id)));
export const current = computed(() =>
  (workspace.value?.channels ?? []).find((one) => one.id === route.value.channel));
export const isApp = (channel) => channel?.kind === "im" && channel.members.includes(bot.value);

export async function reload() {
  const found = await look("state");
  workspace.value = found;
  statuses.value = new Map(found.statuses.map((one) => [statusKey(one.channel, one.thread_ts), one]));
  settle();
  await reloadScreen();
}

/** Makes the hash say who and where, when it does not yet. */
export function settle() {
  if (!me.value) return;
  const here = mine.value.some((one) => one.id === route.value.channel);
  const first = mine.value.find((one) => one.kind === "channel") ?? mine.value[0];
  const channel = here ? route.value.channel : first?.id;
  if (route.value.user === me.value.name && route.value.channel === channel) return;
  go({ user: me.value.name, channel, ...(here ? {} : { thread: null, message: null, tab: null }) }, { quiet: true });
}

const left = new Map(); // person -> the modal that was open before this tab: as in Slack, it is gone

export async function reloadScreen() {
  const person = me.value?.name;
  if (!person) return;
  const { view, home } = await look("screen", { person });
  if (!left.has(person)) left.set(person, view?.id);
  screen.value = { view: view?.id === left.get(person) ? null : view, home };
}

export const statusKey = (channel, thread) => `${channel} ${thread}`;

export function noteStatus({ channel, thread_ts, status, loading_messages }) {
  const next = new Map(statuses.value);
  if (status) next.set(statusKey(channel, thread_ts), { status, loading_messages });
  else next.delete(statusKey(channel, thread_ts));
  statuses.value = next;
}

/** A message is there: its channel's newest, perhaps. */
export function noteLatest(channel, message) {
  const channels = workspace.value.channels.map((one) => {
    const newer = one.id === channel && message.ts > (one.latest?.ts ?? "");
    return newer ? { ...one, latest: { ts: message.ts, user: message.user } } : one;
  });
  workspace.value = { ...workspace.value, channels };
}
