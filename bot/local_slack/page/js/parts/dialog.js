// Dialogs: the browser's own, which keep the focus inside and close on Esc; whoever had the focus gets it back.
import { html, useEffect, useRef } from "../../vendor/preact.js";

const FIELDS = "input:not([type=file]), textarea, select"; // where people go on, unless something says otherwise

export function Dialog({ label, kind, close, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    const first = dialog.current.querySelector("[autofocus]") ?? dialog.current.querySelector(FIELDS);
    first?.focus();
    return () => before?.isConnected && before.focus({ preventScroll: true });
  }, []);
  const cancel = (event) => {
    event.preventDefault(); // what closes it is whoever shows it
    close();
  };
  const escape = (event) => event.key === "Escape" && event.stopPropagation(); // it closes this, not what is below
  const outside = (event) => event.target === dialog.current && close();
  return html`<dialog ref=${dialog} class=${kind} aria-label=${label}
    onCancel=${cancel} onKeyDown=${escape} onMouseDown=${outside}>${children}</dialog>`;
}
