// One image of the gallery.
import { html } from "../../vendor/preact.js";
import { follow, openGallery } from "../route.js";
import { me } from "../store.js";
import { full } from "../times.js";
import { show } from "./lightbox.js";

const sourceOf = (id) =>
  `/_local/gallery/${encodeURIComponent(id)}?${new URLSearchParams({ person: me.value.name })}`;

export function GalleryPicture({ image }) {
  const source = sourceOf(image.id);
  const opened = (event) => follow(image.link) && event.preventDefault();
  return html`<li class="gallery-picture">
    <button type="button" class="picture-button" aria-label=${`Open ${image.name}`}
      onClick=${() => show({ source, name: image.name, alt: image.alt })}>
      <img src=${source} alt=${image.alt || image.name} loading="lazy" />
    </button>
    <div class="gallery-words">
      <strong title=${image.name}>${image.name}</strong>
      ${image.posted && html`<span title=${image.ts ? full(image.ts) : undefined}>${image.posted}</span>`}
      ${image.reason && html`<span class="gallery-reason">${image.reason}</span>`}
      <span class="gallery-acts">
        ${image.link && html`<a class="link" href=${image.link} onClick=${opened}
          aria-label=${`Message of ${image.name}`}>Message</a>`}
        <button type="button" class="link" aria-label=${`More like ${image.name}`}
          onClick=${() => openGallery({ like: image.id })}>More like this</button>
      </span>
    </div>
  </li>`;
}
