// How an element acts: asked for confirmation first, pressed once at a time, refusals told.
import { useState } from "../../vendor/preact.js";
import { trying } from "../notices.js";
import { confirmed } from "../parts/confirm.js";
import { useSurface } from "./surface.js";
import { initialOf } from "./values.js";

/** [busy, press(value)] of an element. `press` resolves to whether it was done. */
export function usePress(element) {
  const surface = useSurface();
  const [busy, setBusy] = useState(false);
  async function press(value, confirm = element.confirm) {
    if (busy || (confirm && !(await confirmed(confirm)))) return false;
    setBusy(true);
    const done = await trying(() => surface.press(element, value).then(() => true));
    setBusy(false);
    return Boolean(done);
  }
  return [busy, press];
}

/** [value, set(value)] of an input: kept by its surface where it has values, and told where it stands alone. */
export function useValue(element, block) {
  const surface = useSurface();
  const [own, setOwn] = useState(() => initialOf(element, surface.channel));
  const [busy, press] = usePress(element);
  const held = surface.values?.value[element.action_id];
  const value = held === undefined ? own : held;
  async function set(next) {
    const before = value;
    keep(next);
    const tells = block.type !== "input" || block.dispatch_action;
    if (tells && !(await press(next))) keep(before);
  }
  function keep(next) {
    setOwn(next);
    if (surface.values) surface.values.value = { ...surface.values.value, [element.action_id]: next };
  }
  return { value, set, keep, busy, press };
}
