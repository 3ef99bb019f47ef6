// Slack's ts and dates as people read them.
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", { dateStyle: "full" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const moment = (ts) => new Date(Number(ts) * 1000);
export const clock = (ts) => CLOCK.format(moment(ts));
export const full = (ts) => FULL.format(moment(ts));
export const dayKey = (ts) => moment(ts).toDateString();

export function dayName(ts) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (dayKey(ts) === today.toDateString()) return "Today";
  if (dayKey(ts) === yesterday.toDateString()) return "Yesterday";
  const format = moment(ts).getFullYear() === today.getFullYear() ? DAY : DAY_AND_YEAR;
  return format.format(moment(ts));
}

const TOKENS = {
  date: (when) => SHORT.format(when),
  date_num: (when) => when.toISOString().slice(0, 10),
  date_short: (when) => SHORT.format(when),
  date_long: (when) => DAY.format(when),
  date_pretty: (when) => dayName(when.getTime() / 1000),
  date_short_pretty: (when) => dayName(when.getTime() / 1000),
  date_long_pretty: (when) => dayName(when.getTime() / 1000),
  time: (when) => CLOCK.format(when),
  time_secs: (when) => when.toTimeString().slice(0, 8),
  ago: (when) => SHORT.format(when),
};

/** Slack's date formats, as `{date_short} at {time}`. */
export function formatted(timestamp, format) {
  return format.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(moment(timestamp)) ?? whole);
}

export function since(ts) {
  const minutes = Math.round((Date.now() - moment(ts)) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.round(minutes / 60)} h ago` : SHORT.format(moment(ts));
}
