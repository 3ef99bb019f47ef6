// The conversation in the middle; in the app's own one with its home tab.
import { html, useEffect, useState } from "../../vendor/preact.js";
import { act } from "../api.js";
import { botHandle, channelName, spokenName } from "../names.js";
import { trying } from "../notices.js";
import { markRead, readUntil, visible } from "../reading.js";
import { go, route } from "../route.js";
import { appName, bot, isApp, me, workspace } from "../store.js";
import { Avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { Home } from "./home.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { Log } from "./log.js";
import { Members } from "./members.js";
import { Prompts } from "./prompts.js";

export function Channel({ channel }) {
  const app = isApp(channel);
  const tab = app && route.value.tab === "home" && workspace.value.app.home_tab ? "home" : "messages";
  const [wasRead] = useState(() => readUntil(channel.id)); // as it was when the channel was opened
  useEffect(() => {
    if (tab === "messages" && visible.value) markRead(channel);
  }, [channel.id, channel.latest?.ts, tab, visible.value]);
  useEffect(() => {
    if (app) trying(() => act("home", { person: me.value.name, tab }));
  }, [app, tab, me.value.id]);
  return html`<section class="channel" aria-label=${spokenName(channel)}>
    <${Head} channel=${channel} />
    ${app && workspace.value.app.home_tab && html`<${Tabs} tab=${tab} />`}
    ${tab === "home" ? html`<${Home} />` : html`
      <${Log} channel=${channel.id} label="Messages" unreadAfter=${wasRead}
        head=${html`<${Beginning} channel=${channel} />`} />
      ${channel.archived
        ? html`<p class="closed">This channel is archived.</p>`
        : html`<${Prompts} channel=${channel.id} /><${Composer} channel=${channel}
          label=${`Message ${spokenName(channel)}`} />`}`}
  </section>`;
}

function Head({ channel }) {
  const room = channel.kind === "channel" || channel.kind === "group";
  const mark = room
    ? html`<${Icon} name=${channel.kind === "group" ? "lock" : "hash"} />`
    : html`<${Avatar} user=${channel.members.find((id) => id !== me.value.id)} size=${24} />`;
  return html`<header class="pane-head">
    <${IconButton} label="Back to the list" icon="left" kind="back" onClick=${() => go({ pane: "list" })} />
    <h1 class="pane-title">${mark}<span>${channelName(channel)}</span></h1>
    ${room && html`<${Members} channel=${channel} />`}
  </header>`;
}

function Tabs({ tab }) {
  const one = (name, label) => html`<button type="button" role="tab" class="tab" id=${`tab-${name}`}
    aria-selected=${tab === name} tabindex=${tab === name ? 0 : -1}
    onClick=${() => go({ tab: name === "home" ? "home" : null, thread: null, message: null })}>${label}</button>`;
  const arrows = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = [...event.currentTarget.children].find((button) => button !== document.activeElement);
    other.focus();
    other.click();
  };
  return html`<div class="tabs" role="tablist" aria-label=${appName.value} onKeyDown=${arrows}>${one("home", "Home")}
    ${one("messages", "Messages")}</div>`;
}

function Beginning({ channel }) {
  const app = isApp(channel);
  const room = channel.kind === "channel" || channel.kind === "group";
  const text = app
    ? workspace.value.app.description
    : room
      ? `This is the beginning of #${channel.name}. Post an image, and mention @${botHandle()} with a question.`
      : `This is the beginning of your conversation with ${channelName(channel)}.`;
  return html`<div class="beginning">
    ${app && html`<${Avatar} user=${bot.value} size=${72} />`}
    <h2>${spokenName(channel)}</h2><p>${text}</p>
  </div>`;
}
