// The raw traffic: every call of the Web API and every delivery to the app, newest last.
import { computed, signal } from "../vendor/preact.js";
import { look } from "./api.js";

const PAUSE = 300; // milliseconds in which many changes become one look

const calls = signal([]);
const deliveries = signal([]);
const cleared = signal(0); // what is older than this is not shown
export const isOpen = signal(false);

/** Rows of {id, at, way: "call" | "delivery", name, status, ms, parts}: `parts` are what can be unfolded. */
export const rows = computed(() =>
  [...calls.value.map(callRow), ...deliveries.value.map(deliveryRow)]
    .filter((row) => row.at > cleared.value)
    .sort((one, other) => one.at - other.at));

function callRow(call, number) {
  const error = call.response?.ok === false ? call.response.error : null;
  const status = error ?? (call.status === 200 ? "ok" : String(call.status));
  const ms = Math.round((call.at_ended - call.at_started) * 1000);
  const parts = { Arguments: call.arguments, Response: call.response };
  return { id: `call ${number}`, at: call.at_started, way: "call", name: call.method, status, ms, parts };
}

function deliveryRow(one, number) {
  const last = one.attempts.at(-1);
  const status = last ? (last.failed ?? "ok") : "lost";
  const name = one.payload.event?.type ?? one.payload.command ?? one.payload.type ?? one.kind;
  const ms = last?.ended ? Math.round((last.ended - last.at) * 1000) : null;
  const parts = { Payload: one.payload, ...(last?.response ? { Answer: last.response } : {}) };
  if (one.attempts.length > 1) parts.Attempts = one.attempts;
  return { id: `delivery ${number}`, at: last?.at ?? Infinity, way: "delivery", name, status, ms, parts };
}

let busy = false;
let waiting = false;

/** Something went over the wire: looked at soon, when somebody watches. */
export function noteTraffic() {
  waiting = isOpen.value;
  if (waiting && !busy) follow();
}

async function follow() {
  busy = true;
  while (waiting) {
    waiting = false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await catchUp().catch(() => undefined); // the server is away: the next change brings it all
  }
  busy = false;
}

async function catchUp() {
  const unfinished = deliveries.value.findIndex((one) => !one.over);
  const after = unfinished < 0 ? deliveries.value.length : unfinished;
  const [more, told] = await Promise.all([
    look("calls", { after: calls.value.length }),
    look("deliveries", { after }),
  ]);
  if (more.next < calls.value.length || told.next < after) return again();
  calls.value = [...calls.value, ...more.calls];
  deliveries.value = [...deliveries.value.slice(0, after), ...told.deliveries];
}

/** The server began anew: so do the rows. */
function again() {
  calls.value = deliveries.value = [];
  return catchUp();
}

export function toggle() {
  isOpen.value = !isOpen.value;
  noteTraffic();
}

export function clear() {
  cleared.value = Date.now() / 1000;
}
