// The side bar: channels, direct messages, the app.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { channelName, spokenName } from "../names.js";
import { trying } from "../notices.js";
import { isUnread } from "../reading.js";
import { go, openChannel, route } from "../route.js";
import { appName, bot, isApp, me, mine, workspace } from "../store.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";
import { MenuButton } from "./menu.js";
import { ask } from "./question.js";

const byName = (one, other) => channelName(one).localeCompare(channelName(other));

export function Sidebar() {
  const rooms = mine.value.filter((one) => one.kind === "channel" || one.kind === "group").sort(byName);
  const direct = mine.value.filter((one) => !rooms.includes(one) && !isApp(one)).sort(byName);
  return html`<nav class="sidebar" aria-label="Channels" onKeyDown=${arrows}>
    <${Group} name="Channels" more=${html`<${ChannelMenu} />`}>${rooms.map((one) => html`<${Entry} channel=${one}
      key=${one.id} />`)}<//>
    ${direct.length > 0 && html`<${Group} name="Direct messages">${direct.map((one) => html`<${Entry} channel=${one}
      key=${one.id} />`)}<//>`}
    <${Group} name="Apps"><${AppEntry} /><//>
  </nav>`;
}

function Group({ name, more, children }) {
  return html`<section class="sidebar-group" aria-label=${name}>
    <div class="sidebar-head"><h2>${name}</h2>${more}</div><ul>${children}</ul>
  </section>`;
}

function Entry({ channel }) {
  const private_ = channel.kind === "group";
  const other = channel.members.find((id) => id !== me.value?.id);
  const mark = channel.kind === "channel" || private_
    ? html`<${Icon} name=${private_ ? "lock" : "hash"} />`
    : channel.kind === "mpim" ? html`<${Icon} name="people" />` : html`<${Avatar} user=${other} size=${20} />`;
  return html`<${Place} channel=${channel} mark=${mark} name=${channelName(channel)} />`;
}

function AppEntry() {
  const dm = mine.value.find(isApp);
  const mark = html`<${Avatar} user=${bot.value} size=${20} />`;
  if (dm) return html`<${Place} channel=${dm} mark=${mark} name=${appName.value} />`;
  const open = async (event) => {
    event.preventDefault();
    const made = await trying(() => act("dm", { person: me.value.name }));
    if (made) openChannel(made.id);
  };
  return html`<li><a class="place" href="#" onClick=${open}>${mark}<span>${appName.value}</span></a></li>`;
}

function Place({ channel, mark, name }) {
  const here = route.value.channel === channel.id;
  const unread = !here && isUnread(channel);
  const open = (event) => {
    event.preventDefault();
    openChannel(channel.id);
  };
  return html`<li><a class=${`place ${unread ? "unread" : ""}`}
    href=${`#${new URLSearchParams({ user: me.value.name, channel: channel.id })}`}
    aria-current=${here ? "page" : undefined} aria-label=${`${spokenName(channel)}${unread ? ", unread" : ""}`}
      onClick=${open}>
    ${mark}<span>${name}</span>${unread && html`<span class="unread-dot"></span>`}
  </a></li>`;
}

function ChannelMenu() {
  const others = (workspace.value?.channels ?? []).filter((one) => one.kind === "channel" && !mine.value.includes(one));
  const join = (channel) => async () => {
    await trying(() => act("invite", { channel: channel.id, person: me.value.name }));
    go({ channel: channel.id, thread: null, message: null });
  };
  const items = [
    { name: "New channel…", icon: "plus", act: create },
    ...others.map((one) => ({ name: `Join #${one.name}`, icon: "hash", act: join(one) })),
  ];
  return html`<${MenuButton} label="Add channels" icon="plus" kind="icon-button on-dark" items=${items} />`;
}

async function create() {
  const name = await ask("New channel", "Name");
  if (!name) return;
  const tidy = name.toLowerCase().replace(/[^a-z0-9_-]+/g, "-");
  const made = await trying(() => act("channels", { name: tidy, members: [me.value.name] }));
  if (made) openChannel(made.id);
}

/** Up and down move between the places. */
function arrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const places = [...event.currentTarget.querySelectorAll("a.place")];
  const at = places.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  places[(at + step + places.length) % places.length].focus();
}
