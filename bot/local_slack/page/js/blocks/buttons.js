// Buttons of every kind.
import { html, useState } from "../../vendor/preact.js";
import { IconButton } from "../parts/icon_button.js";
import { MenuButton } from "../parts/menu.js";
import { follow } from "../route.js";
import { me } from "../store.js";
import { Plain } from "../text/mrkdwn.js";
import { usePress } from "./pressing.js";

const forMe = (element) => !element.visible_to_user_ids || element.visible_to_user_ids.includes(me.value?.id);

export function Button({ element }) {
  const [busy, press] = usePress(element);
  if (!forMe(element)) return null;
  async function act() {
    if (!(await press(element.value)) || !element.url) return;
    if (/^https?:/.test(element.url) && !follow(element.url)) open(element.url, "_blank", "noopener,noreferrer");
  }
  return html`<button type="button" class=${`button button-${element.style ?? "default"}`}
    aria-label=${element.accessibility_label}
    aria-busy=${busy} aria-disabled=${busy} onClick=${act}><${Plain} text=${element.text.text} /></button>`;
}

export function FeedbackButtons({ element }) {
  const [chosen, choose] = useState(null);
  const [busy, press] = usePress(element);
  const face = (name, icon) => {
    const one = element[name];
    const act = async () => (await press(one.value)) && choose(name);
    return html`<${IconButton} label=${one.accessibility_label ?? one.text.text} icon=${icon} kind="feedback"
      title=${one.text.text} aria-pressed=${chosen === name} aria-busy=${busy} onClick=${act} />`;
  };
  return html`<span class="feedback-pair">${face("positive_button", "thumbsup")}${face("negative_button", "thumbsdown")}
    </span>`;
}

export function IconPress({ element }) {
  const [busy, press] = usePress(element);
  if (!forMe(element)) return null;
  return html`<${IconButton} label=${element.accessibility_label ?? element.text.text} icon=${element.icon}
    title=${element.text.text} aria-busy=${busy} onClick=${() => press(element.value)} />`;
}

export function Overflow({ element }) {
  const [, press] = usePress(element);
  const items = element.options.map((option) => ({ name: option.text.text, act: () => press(option.value) }));
  return html`<${MenuButton} label="More options" icon="more" kind="button" items=${items} />`;
}
