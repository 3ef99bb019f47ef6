// The files of a message: pictures side by side, everything else as a card to download.
import { html } from "../../vendor/preact.js";
import { act, fileAddress } from "../api.js";
import { trying } from "../notices.js";
import { me } from "../store.js";
import { agreed } from "./confirm.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { show } from "./lightbox.js";

const SHOWN = new Set(["png", "jpeg", "gif", "webp", "avif", "bmp", "svg+xml"].map((kind) => `image/${kind}`));
const HEIGHT = 300; // pixels, at most
const WIDTH = 360;

const isPicture = (file) => SHOWN.has(file.mimetype) && file.original_w;

export function Files({ files }) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return html`<div class="files">
    ${pictures.length > 0 && html`<div class="pictures">${pictures.map((file) => html`<${Picture} file=${file}
      alone=${pictures.length === 1} key=${file.id} />`)}</div>`}
    ${others.map((file) => html`<${Card} file=${file} key=${file.id} />`)}
  </div>`;
}

function Picture({ file, alone }) {
  const source = fileAddress(file.id);
  const open = () => show({ source, name: file.title || file.name });
  return html`<div class=${`file-picture ${alone ? "alone" : ""}`}>
    <button type="button" class="picture-button" aria-label=${`Open ${file.name}`} onClick=${open}>
      <img src=${source} alt=${file.name} loading="lazy" ...${alone ? fitted(file) : {}} />
    </button>
    <${Tools} file=${file} />
  </div>`;
}

/** Its size on the page before its bytes are there: nothing jumps. */
function fitted({ original_w, original_h }) {
  const scale = Math.min(1, WIDTH / original_w, HEIGHT / original_h);
  return { width: Math.round(original_w * scale), height: Math.round(original_h * scale) };
}

function Card({ file }) {
  if (file.mode === "tombstone") return html`<p class="file-gone"><${Icon} name="trash" />This file was deleted.</p>`;
  if (!file.name) return html`<p class="file-gone"><${Icon} name="file" />A file that is not shown here.</p>`;
  return html`<div class="file-card">
    <span class="file-icon"><${Icon} name="file" /></span>
    <span class="file-words"><strong>${file.title || file.name}</strong><small>
      ${file.pretty_type || "File"} · ${size(file.size)}</small></span>
    <${Tools} file=${file} />
  </div>`;
}

function Tools({ file }) {
  const remove = async () => {
    const sure = await agreed("Delete file", `${file.name} is gone for everybody.`, "Delete");
    if (sure) await trying(() => act("delete_file", { person: me.value.name, file: file.id }));
  };
  return html`<span class="file-tools">
    <a class="icon-button" href=${fileAddress(file.id)} download=${file.name} aria-label=${`Download ${file.name}`}
      title="Download"><${Icon} name="download" /></a>
    ${file.user === me.value?.id && html`<${IconButton} label=${`Delete file ${file.name}`} icon="trash"
      title="Delete file" onClick=${remove} />`}
  </span>`;
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
