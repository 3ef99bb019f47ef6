// Starts the page.
import { effect, html, render } from "../vendor/preact.js";
import { follow } from "./live.js";
import { spokenName } from "./names.js";
import { Page } from "./parts/page.js";
import { current, me, reloadScreen, settle, workspace } from "./store.js";
import { loadEmoji } from "./text/emoji.js";
import "./theme.js";

loadEmoji();
follow();
render(html`<${Page} />`, document.getElementById("page"));

effect(() => {
  document.title = current.value ? `${spokenName(current.value)} – Local Slack` : "Local Slack";
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
