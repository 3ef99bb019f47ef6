// Menus that open from a button: arrows move, Esc closes, the button has the focus again.
import { html, useEffect, useId, useRef, useState } from "../../vendor/preact.js";
import { Icon } from "./icons.js";

const GAP = 4;

/** `items`: {name, act, icon?, danger?, checked?}; those that are null are left out. `kind`: the button's class. */
export function MenuButton({ label, icon, kind = "icon-button", items, children }) {
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const id = useId();
  return html`<button type="button" ref=${button} class=${kind} aria-haspopup="menu" aria-expanded=${open}
    aria-controls=${open ? id : undefined}
    aria-label=${label} title=${children ? undefined : label} onClick=${() => setOpen(!open)}>
      ${children ?? html`<${Icon} name=${icon} />`}</button>
    ${open && html`<${Menu} id=${id} label=${label} anchor=${button.current} items=${items.filter(Boolean)}
      close=${() => setOpen(false)} />`}`;
}

function Menu({ id, label, anchor, items, close }) {
  const list = useRef(null);
  const entries = () => [...list.current.querySelectorAll("button")];
  useEffect(() => {
    list.current.showPopover();
    place(list.current, anchor);
    (entries().find((one) => one.ariaChecked === "true") ?? entries()[0])?.focus();
    return () => anchor.isConnected && anchor.focus({ preventScroll: true });
  }, []);
  function key(event) {
    const at = entries().indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) entries().at(to % entries().length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const chosen = (item) => () => {
    close();
    item.act();
  };
  return html`<div popover="auto" role="menu" class="menu" id=${id} ref=${list} aria-label=${label} onKeyDown=${key}
    onToggle=${(event) => event.newState === "closed" && close()}>
    ${items.map((item) => html`<button type="button" tabindex="-1" key=${item.name} class=${item.danger ? "danger" : ""}
      onClick=${chosen(item)}
      role=${item.checked === undefined ? "menuitem" : "menuitemradio"} aria-checked=${item.checked}>
      ${item.icon && html`<${Icon} name=${item.icon} />`}<span>${item.name}</span>${item.checked && html`<${Icon}
        name="check" />`}
    </button>`)}
  </div>`;
}

/** Below the button where there is room, above it otherwise, and never off the screen. */
function place(list, anchor) {
  const from = anchor.getBoundingClientRect();
  const below = from.bottom + GAP + list.offsetHeight < innerHeight;
  const top = below ? from.bottom + GAP : Math.max(GAP, from.top - GAP - list.offsetHeight);
  const left = Math.min(from.left, innerWidth - list.offsetWidth - GAP);
  list.style.top = `${top}px`;
  list.style.left = `${Math.max(GAP, left)}px`;
}
