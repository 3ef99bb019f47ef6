// The bar on top: whose eyes this tab has, the app's shortcuts, colours, the traffic.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { trying } from "../notices.js";
import { go } from "../route.js";
import { humans, me, workspace } from "../store.js";
import { isDark, switchTheme } from "../theme.js";
import { isOpen, toggle } from "../traffic.js";
import { Avatar } from "./avatar.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { MenuButton } from "./menu.js";
import { ask } from "./question.js";

export function Topbar() {
  const colours = isDark() ? "Use light colours" : "Use dark colours";
  return html`<header class="topbar">
    <span class="topbar-name"><img src="/page/icons/spyglass.svg" alt="" />Local Slack</span>
    <span class="topbar-space"></span>
    <${Shortcuts} />
    <${IconButton} label="Traffic" icon="traffic" kind="on-dark" title="Traffic between the workspace and the app"
      aria-pressed=${isOpen.value} onClick=${toggle} />
    <${IconButton} label=${colours} icon=${isDark() ? "sun" : "moon"} kind="on-dark" onClick=${switchTheme} />
    <${Switcher} />
  </header>`;
}

function Switcher() {
  const become = (name) => go({ user: name, thread: null, message: null, tab: null });
  const items = [
    ...humans.value.map((one) => ({ name: one.name, checked: one.id === me.value?.id, act: () => become(one.name) })),
    { name: "New person…", icon: "plus", act: newPerson },
  ];
  return html`<${MenuButton} label=${`Switch user, now ${me.value?.name}`} kind="switcher on-dark" items=${items}>
    <${Avatar} user=${me.value?.id} size=${28} /><span class="switcher-name">${me.value?.name}</span><${Icon}
      name="down" />
  <//>`;
}

async function newPerson() {
  const name = await ask("New person", "Name");
  if (!name) return;
  await trying(() => act("people", { name: name.toLowerCase() }));
  const open = workspace.value.channels.filter((one) => one.kind === "channel" && !one.archived);
  for (const channel of open) await trying(() => act("invite", { channel: channel.id, person: name.toLowerCase() }));
  go({ user: name.toLowerCase(), thread: null, message: null, tab: null });
}

function Shortcuts() {
  const offered = (workspace.value?.app?.shortcuts ?? []).filter((one) => one.type === "global");
  if (!offered.length) return null;
  const use = (one) => () => trying(() => act("shortcut", { person: me.value.name, callback_id: one.callback_id }));
  const items = offered.map((one) => ({ name: one.name, icon: "bolt", act: use(one) }));
  return html`<${MenuButton} label="Shortcuts" icon="bolt" kind="icon-button on-dark" items=${items} />`;
}
