// The app's home tab, as it made it for this person.
import { html, signal, useMemo } from "../../vendor/preact.js";
import { act } from "../api.js";
import { Blocks } from "../blocks/blocks.js";
import { Surface } from "../blocks/surface.js";
import { initialValues } from "../blocks/values.js";
import { appName, me, screen } from "../store.js";

export function Home() {
  const { home } = screen.value;
  const surface = useMemo(() => home && surfaceOf(home), [home?.id, home?.hash]);
  if (!home) return html`<div class="home" role="tabpanel" aria-labelledby="tab-home"><p class="closed">
    ${appName.value} has nothing to show here yet.</p></div>`;
  return html`<div class="home" role="tabpanel" aria-labelledby="tab-home" tabindex="0">
    <${Surface.Provider} value=${surface}><div class="home-inside"><${Blocks} blocks=${home.blocks} /></div><//>
  </div>`;
}

function surfaceOf(home) {
  const values = signal(initialValues(home.blocks));
  const who = { person: me.value.name, view_id: home.id };
  const press = (element, value) =>
    act("press_in_view", { ...who, action_id: element.action_id, value, values: values.value });
  return { press, values, errors: {}, channel: null };
}
