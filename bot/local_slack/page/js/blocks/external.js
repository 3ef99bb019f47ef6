// Menus whose options the app gives while people type.
import { html, useEffect, useState } from "../../vendor/preact.js";
import { trying } from "../notices.js";
import { Chip } from "./selects.js";
import { useValue } from "./pressing.js";
import { useSurface } from "./surface.js";

const PAUSE = 250; // milliseconds without a key before the app is asked

export function External({ element, block, labelledBy }) {
  const many = element.type.startsWith("multi_");
  const { value, set } = useValue(element, block);
  const { suggest } = useSurface();
  const [typed, setTyped] = useState("");
  const [options, setOptions] = useState([]);
  const [names, setNames] = useState(() => new Map(initialOptions(element).map(named)));
  useEffect(() => {
    if (!suggest || typed.length < (element.min_query_length ?? 3)) return setOptions([]);
    const timer = setTimeout(async () => setOptions((await trying(() => suggest(element, typed))) ?? []), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const chosen = many ? (value ?? []) : [value].filter(Boolean);
  function choose(option) {
    setNames(new Map([...names, named(option)]));
    setTyped("");
    set(many ? [...chosen, option.value] : option.value);
  }
  const drop = (one) => set(many ? chosen.filter((other) => other !== one) : null);
  return html`<div class="multi" role="group" aria-labelledby=${labelledBy}>
    ${chosen.map((one) => html`<${Chip} name=${names.get(one) ?? one} drop=${() => drop(one)} />`)}
    <input type="text" class="field" value=${typed} aria-labelledby=${labelledBy}
      placeholder=${element.placeholder?.text}
      onInput=${(event) => setTyped(event.target.value)} />
    ${options.length > 0 && html`<ul class="external-options" aria-label="Options">
      ${options.map((option) => html`<li><button type="button" onClick=${() => choose(option)}>${option.text.text}
        </button></li>`)}
    </ul>`}
  </div>`;
}

const initialOptions = (element) => element.initial_options ?? [element.initial_option].filter(Boolean);
const named = (option) => [option.value, option.text.text];
