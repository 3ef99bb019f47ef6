// Where this tab is, in the URL's hash: it survives a reload, and two tabs can be two people.
import { signal } from "../vendor/preact.js";

const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

/** {user, channel, thread, message, tab, pane, gallery}: those that are set. */
export const route = signal(read());

addEventListener("hashchange", () => (route.value = read()));

/** Goes to where `changes` leads from here; null takes a part away. `quiet`: without a step to go back to. */
export function go(changes, { quiet = false } = {}) {
  const next = Object.entries({ ...route.value, ...changes }).filter(([, value]) => value);
  const hash = `#${new URLSearchParams(next)}`;
  if (quiet) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  route.value = read();
}

addEventListener("popstate", () => (route.value = read()));

/** A channel, outside its threads. */
export const openChannel = (channel) =>
  go({ channel, thread: null, message: null, tab: null, pane: null, gallery: null });

/** The archive's images, narrowed by `asked` (what /_local/gallery takes). */
export const openGallery = (asked = {}, how = {}) => {
  const given = Object.entries(asked).filter(([, value]) => value);
  go({ gallery: `?${new URLSearchParams(given)}`, thread: null, message: null, tab: null, pane: null }, how);
};

/** What the open gallery is narrowed by. */
export const askedOfGallery = () => Object.fromEntries(new URLSearchParams((route.value.gallery ?? "").slice(1)));

/** Follows a link into the workspace; false when it leads elsewhere. */
export function follow(address) {
  const url = new URL(address, location.href);
  const found = url.pathname.match(/^\/archives\/(\w+)\/p(\d+)(\d{6})$/);
  if (url.origin !== location.origin || !found) return false;
  const [, channel, seconds, micros] = found;
  const message = `${seconds}.${micros}`;
  go({ channel, message, thread: url.searchParams.get("thread_ts"), tab: null, pane: null, gallery: null });
  return true;
}
