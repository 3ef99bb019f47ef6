// Starts the page.
import { effect, html, render } from "../vendor/preact.js";
import { follow } from "./live.js";
import { spokenName } from "./names.js";
import { Page } from "./parts/page.js";
import { isUnread } from "./reading.js";
import { current, me, mine, reloadScreen, settle, workspace } from "./store.js";
import { loadEmoji } from "./text/emoji.js";
import "./theme.js";

loadEmoji();
follow();
render(html`<${Page} />`, document.getElementById("page"));

effect(() => {
  const unread = mine.value.filter((one) => one.id !== current.value?.id && isUnread(one)).length;
  const where = current.value ? `${spokenName(current.value)} – Local Slack` : "Local Slack";
  document.title = unread ? `(${unread}) ${where}` : where;
});

let before;
effect(() => {
  const now = me.value?.id;
  if (!workspace.value || now === before) return;
  before = now;
  queueMicrotask(() => {
    settle();
    reloadScreen();
  });
});
