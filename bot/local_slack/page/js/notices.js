// Sentences that tell what went wrong, for a while.
import { signal } from "../vendor/preact.js";

const SHOWN = 8000; // milliseconds

export const notices = signal([]);

export function notice(text) {
  const one = { id: crypto.randomUUID?.() ?? String(Math.random()), text };
  notices.value = [...notices.value.slice(-3), one];
  setTimeout(() => dismiss(one.id), SHOWN);
}

export function dismiss(id) {
  notices.value = notices.value.filter((one) => one.id !== id);
}

/** Does something; what is refused is told, and gives undefined. */
export async function trying(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message);
    return undefined;
  }
}
