// The side bar: channels, direct messages, the app.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { channelName, spokenName } from "../names.js";
import { trying } from "../notices.js";
import { isUnread } from "../reading.js";
import { openChannel, openGallery, route } from "../route.js";
import { appName, bot, isApp, me, mine } from "../store.js";
import { ChannelMenu, DirectMenu } from "./adding.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";

const byName = (one, other) => channelName(one).localeCompare(channelName(other));

export function Sidebar() {
  const rooms = mine.value.filter((one) => one.kind === "channel" || one.kind === "group").sort(byName);
  const direct = mine.value.filter((one) => !rooms.includes(one) && !isApp(one)).sort(byName);
  return html`<nav class="sidebar" aria-label="Channels" onKeyDown=${arrows}>
    <${Group} name="Channels" more=${html`<${ChannelMenu} />`}>${entries(rooms)}<//>
    <${Group} name="Direct messages" more=${html`<${DirectMenu} />`}>${entries(direct)}<//>
    <${Group} name="Apps"><${AppEntry} /><${GalleryEntry} /><//>
  </nav>`;
}

const entries = (channels) => channels.map((one) => html`<${Entry} channel=${one} key=${one.id} />`);

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

function GalleryEntry() {
  const open = (event) => {
    event.preventDefault();
    openGallery();
  };
  return html`<li><a class="place" href=${`#${new URLSearchParams({ user: me.value.name, gallery: "?" })}`}
    aria-current=${route.value.gallery ? "page" : undefined} onClick=${open}>
    <${Icon} name="grid" /><span>Gallery</span>
  </a></li>`;
}

function Place({ channel, mark, name }) {
  const here = route.value.channel === channel.id && !route.value.gallery;
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

/** Up and down move between the places. */
function arrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const places = [...event.currentTarget.querySelectorAll("a.place")];
  const at = places.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  places[(at + step + places.length) % places.length].focus();
}
