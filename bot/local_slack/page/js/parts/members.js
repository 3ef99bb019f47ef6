// Who is in a channel, and the menu that adds people and the app, takes the app out, and leaves.
import { html } from "../../vendor/preact.js";
import { act } from "../api.js";
import { personName } from "../names.js";
import { trying } from "../notices.js";
import { appName, bot, humans, me } from "../store.js";
import { Icon } from "./icons.js";
import { MenuButton } from "./menu.js";

export function Members({ channel }) {
  const { id, members } = channel;
  const change = (verb, person) => () => trying(() => act(verb, { channel: id, ...(person ? { person } : {}) }));
  const outside = humans.value.filter((one) => !members.includes(one.id));
  const items = [
    members.includes(bot.value)
      ? { name: `Remove ${appName.value}`, icon: "cross", act: change("remove") }
      : { name: `Add ${appName.value}`, icon: "plus", act: change("invite") },
    ...outside.map((one) => ({ name: `Add ${one.name}`, icon: "plus", act: change("invite", one.name) })),
    { name: "Leave channel", icon: "left", danger: true, act: change("remove", me.value.name) },
  ];
  const names = members.map(personName).join(", ");
  return html`<${MenuButton} label=${`${members.length} members: ${names}`} kind="members" items=${items}>
    <${Icon} name="people" />${members.length}
  <//>`;
}
