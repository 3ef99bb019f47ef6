// The raw traffic between the workspace and the app.
import { html, useState } from "../../vendor/preact.js";
import { clear, rows, toggle } from "../traffic.js";
import { clock, full } from "../times.js";
import { IconButton } from "./icon_button.js";

const MOST = 500; // rows, the newest

export function Inspector() {
  const [wanted, setWanted] = useState("");
  const found = rows.value.filter((row) => matches(row, wanted.trim().toLowerCase())).slice(-MOST).reverse();
  return html`<section class="traffic" aria-label="Traffic" onKeyDown=${(event) => event.key === "Escape" && toggle()}>
    <header class="pane-head"><h2 class="pane-title">Traffic</h2>
      <input class="field" type="search" aria-label="Filter" placeholder="Filter" value=${wanted}
        onInput=${(event) => setWanted(event.target.value)} />
      <button type="button" class="button button-default" onClick=${clear}>Clear</button>
      <${IconButton} label="Close traffic" icon="cross" onClick=${toggle} />
    </header>
    <p class="traffic-count" role="status">
      ${found.length} ${found.length === 1 ? "exchange" : "exchanges"}, newest first</p>
    <ul class="traffic-rows">${found.map((row) => html`<${Row} key=${row.id} row=${row} />`)}</ul>
  </section>`;
}

function matches(row, wanted) {
  if (!wanted) return true;
  return `${row.way} ${row.name} ${row.status} ${JSON.stringify(row.parts)}`.toLowerCase().includes(wanted);
}

function Row({ row }) {
  const [open, setOpen] = useState(false);
  const good = row.status === "ok";
  return html`<li class="traffic-row">
    <button type="button" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class=${`way way-${row.way}`}
        title=${row.way === "call" ? "The app called the workspace" : "The workspace told the app"}>
        ${row.way === "call" ? "call" : "event"}</span>
      <span class="traffic-name">${row.name}</span>
      <span class=${`traffic-status ${good ? "good" : "bad"}`}>${row.status}</span>
      <span class="traffic-ms">${row.ms === null ? "…" : `${row.ms} ms`}</span>
      <time title=${full(row.at)}>${Number.isFinite(row.at) ? clock(row.at) : ""}</time>
    </button>
    ${open && html`<div class="traffic-parts">${Object.entries(row.parts).map(([name, value]) => html`<${Json}
      name=${name} value=${value} open=${true} />`)}</div>`}
  </li>`;
}

/** A value of JSON that folds. */
function Json({ name, value, open = false }) {
  if (value === null || typeof value !== "object") {
    return html`<div class="json-leaf"><span class="json-name">${name}</span> <span class=${`json-${typeof value}`}>
      ${JSON.stringify(value)}</span></div>`;
  }
  const entries = Object.entries(value);
  const kind = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return html`<details class="json" open=${open}><summary><span class="json-name">${name}</span> <span
    class="json-kind">${kind}</span></summary>
    ${entries.map(([key, inner]) => html`<${Json} name=${key} value=${inner} key=${key} />`)}</details>`;
}
