// The menus of the side bar: channels to make or join, conversations to begin.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { trying } from "../notices.js";
import { openChannel } from "../route.js";
import { appName, humans, me, mine, workspace } from "../store.js";
import { MenuButton } from "./menu.js";
import { ask } from "./question.js";

export function ChannelMenu() {
  const others = (workspace.value?.channels ?? []).filter((one) => one.kind === "channel" && !mine.value.includes(one));
  const join = (channel) => async () => {
    await trying(() => act("invite", { channel: channel.id, person: me.value.name }));
    openChannel(channel.id);
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

/** A conversation of several with the app in it. */
export function DirectMenu() {
  const others = humans.value.filter((one) => one.id !== me.value?.id);
  const begin = (one) => async () => {
    const made = await trying(() => act("group_dm", { people: [me.value.name, one.name] }));
    if (made) openChannel(made.id);
  };
  const items = others.map((one) => ({ name: `${one.name} and ${appName.value}`, icon: "people", act: begin(one) }));
  if (!items.length) return null;
  return html`<${MenuButton} label="New conversation" icon="plus" kind="icon-button on-dark" items=${items} />`;
}
