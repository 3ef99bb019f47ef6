// Icons as lines of 20 × 20; they say nothing to a screen reader, their buttons do.
import { html } from "../../vendor/preact.js";

const PATHS = {
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  cross: "M5 5l10 10M15 5L5 15",
  dot: "M10 9.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1",
  down: "M5.5 8l4.5 4.5L14.5 8",
  up: "M5.5 12L10 7.5l4.5 4.5",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  more: "M10 4.2v.6M10 9.7v.6M10 15.2v.6",
  plus: "M10 4v12M4 10h12",
  send: "M3.5 3.8L17 10 3.5 16.2 5 10zM5 10h6",
  reply: "M4 5.5h12v8H9l-3.5 3v-3H4z",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7.6 8v.4M12.4 8v.4M7 11.6c1.6 2 4.4 2 6 0",
  thumbsup:
    "M4 9h2.5v7.5H4z" +
    "M6.5 9L10 3.5c1.4 0 1.9 1 1.6 2.2L11 8h4.2c.9 0 1.4.8 1.2 1.6l-1.3 5.5c-.2.8-.8 1.4-1.6 1.4h-7",
  thumbsdown:
    "M4 11h2.5V3.5H4z" +
    "M6.5 11L10 16.5c1.4 0 1.9-1 1.6-2.2L11 12h4.2c.9 0 1.4-.8 1.2-1.6l-1.3-5.5c-.2-.8-.8-1.4-1.6-1.4h-7",
  trash: "M4.5 6h11M8 6V4.2h4V6M6 6l.7 10h6.6L14 6M8.7 8.5v5M11.3 8.5v5",
  edit: "M4 16l.8-3.4L13.2 4.2l2.6 2.6L7.4 15.2z",
  link: "M8.5 11.5l3-3M7.5 9.5l-2 2a2.5 2.5 0 0 0 3.5 3.5l2-2M12.5 10.5l2-2A2.5 2.5 0 0 0 11 5l-2 2",
  file: "M6 3h5.5L15 6.5V17H6zM11.5 3v3.5H15",
  download: "M10 3.5v9M6.5 9L10 12.5 13.5 9M4 16.5h12",
  sun:
    "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M10 2.5v2M10 15.5v2M2.5 10h2" +
    "M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4",
  moon: "M15.5 12A6.5 6.5 0 0 1 8 4.5 6.5 6.5 0 1 0 15.5 12z",
  traffic: "M6.5 4v12M6.5 4L3.8 6.8M6.5 4l2.7 2.8M13.5 16V4M13.5 16l2.7-2.8M13.5 16l-2.7-2.8",
  grid: "M3.5 3.5h5.5v5.5H3.5zM11 3.5h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 11h5.5v5.5H11z",
  hash: "M8 3.5L6.5 16.5M13.5 3.5L12 16.5M4 7.5h12.5M3.5 12.5H16",
  lock: "M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  bolt: "M11 3L5 11.5h4.5L9 17l6-8.5h-4.5z",
  people:
    "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.8 16c.3-5.4 9.1-5.4 9.4 0" +
    "M13 4.6a2.5 2.5 0 0 1 0 4.7M14.3 11.5c1.9.7 2.9 2.3 3 4.5",
};

export function Icon({ name }) {
  if (name === "spinner") return html`<span class="spinner" aria-hidden="true"></span>`;
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${PATHS[name] ?? PATHS.dot} /></svg>`;
}
