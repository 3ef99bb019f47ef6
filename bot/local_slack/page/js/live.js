// Follows the workspace: one stream of server-sent events, opened again whenever the server was away.
import { signal } from "../vendor/preact.js";
import { Refusal, renew } from "./api.js";
import { refresh, refreshFile, reloadAll } from "./conversations.js";
import { notePanel } from "./panels.js";
import { me, noteStatus, reload, reloadScreen } from "./store.js";
import { noteTraffic } from "./traffic.js";

const PAUSE = 1000; // milliseconds

/** Whether the server is there. */
export const connected = signal(true);

const HEARD = {
  message: (change) => refresh(change.channel, change.ts),
  edit: (change) => refresh(change.channel, change.ts),
  delete: (change) => refresh(change.channel, change.ts),
  reaction: (change) => refresh(change.channel, change.ts),
  ephemeral: (change) => (change.channel ? refresh(change.channel, change.ts) : reloadAll()),
  file: (change) => refreshFile(change.id),
  status: noteStatus,
  panel: (change) => notePanel(change.channel, change.thread_ts),
  view: (change) => change.user === me.value?.id && reloadScreen(),
  channel: () => reload(),
  person: () => reload(),
  call: noteTraffic,
  delivery: noteTraffic,
};

export function follow() {
  const stream = new EventSource("/_local/changes");
  stream.onopen = () => unlessAway(catchUp);
  stream.onmessage = (event) => {
    const change = JSON.parse(event.data);
    unlessAway(() => HEARD[change.kind]?.(change));
  };
  stream.onerror = () => {
    stream.close();
    connected.value = false;
    setTimeout(again, PAUSE);
  };
}

/** What happened before the stream was open. */
async function catchUp() {
  connected.value = true;
  await reload();
  await reloadAll();
  noteTraffic();
}

/** A server that goes away meanwhile is told by the stream, and the next one tells everything again. */
async function unlessAway(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

async function again() {
  try {
    await renew();
    follow();
  } catch {
    setTimeout(again, PAUSE);
  }
}
