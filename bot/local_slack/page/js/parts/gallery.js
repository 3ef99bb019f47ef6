// The images of the app's archive that this person may see: searched, narrowed, and each a way to its message.
import { html, useEffect, useState } from "../../vendor/preact.js";
import { look } from "../api.js";
import { trying } from "../notices.js";
import { askedOfGallery, go, openGallery, route } from "../route.js";
import { me } from "../store.js";
import { IconButton } from "./icon_button.js";
import { Icon } from "./icons.js";
import { GalleryPicture } from "./gallery_picture.js";

const PAGE = 24;
const MENUS = [
  ["from", "Anybody", "people"],
  ["in", "Every channel", "channels"],
  ["kind", "Any kind", "kinds"],
  ["colour", "Any colour", "colours"],
];

export function Gallery() {
  const asked = askedOfGallery();
  const [shown, setShown] = useState(PAGE);
  const [found, setFound] = useState(null);
  useEffect(() => setShown(PAGE), [route.value.gallery]);
  useEffect(() => {
    let late = false;
    trying(() => look("gallery", { person: me.value.name, ...asked, shown })).then((page) => late || setFound(page));
    return () => (late = true);
  }, [route.value.gallery, shown]);
  return html`<section class="channel gallery" aria-label="Gallery">
    <header class="pane-head">
      <${IconButton} label="Back to the list" icon="left" kind="back" onClick=${() => go({ pane: "list" })} />
      <h1 class="pane-title"><${Icon} name="grid" /><span>Gallery</span></h1>
    </header>
    <div class="gallery-inside" aria-busy=${found === null}>
      <${Narrowing} asked=${asked} found=${found} key=${route.value.gallery} />
      ${found === null ? html`<p class="closed" role="status">Looking…</p>` : html`<${Found} found=${found}
        asked=${asked} more=${() => setShown(shown + PAGE)} />`}
    </div>
  </section>`;
}

function Narrowing({ asked, found }) {
  const search = (event) => {
    event.preventDefault();
    openGallery({ ...asked, ...Object.fromEntries(new FormData(event.currentTarget.form ?? event.currentTarget)) });
  };
  const day = (name, label) => html`<label class="gallery-day"><span>${label}</span><input class="field" type="date"
    name=${name} defaultValue=${asked[name] ?? ""} onChange=${search} /></label>`;
  return html`<form class="gallery-form" role="search" onSubmit=${search}>
    <input class="field" type="search" name="q" defaultValue=${asked.q ?? ""} aria-label="Search the gallery"
      placeholder="What the images show, or words on them" maxlength="300" />
    <div class="gallery-filters">
      ${MENUS.map(([name, all, kind]) => html`<${Menu} name=${name} all=${all} options=${found?.[kind] ?? []}
        chosen=${asked[name] ?? ""} change=${search} key=${name} />`)}
      ${day("since", "Since")}${day("until", "Until")}
    </div>
  </form>`;
}

function Menu({ name, all, options, chosen, change }) {
  const known = options.some((one) => one.value === chosen) || !chosen;
  return html`<span class="select"><select name=${name} aria-label=${all} value=${chosen} onChange=${change}>
    <option value="">${all}</option>
    ${!known && html`<option value=${chosen}>${chosen}</option>`}
    ${options.map((one) => html`<option value=${one.value} key=${one.value}>${one.name} (${one.number})</option>`)}
  </select><${Icon} name="down" /></span>`;
}

function Found({ found, asked, more }) {
  const without = (names) => openGallery(names.split(" ").reduce((left, name) => ({ ...left, [name]: null }), asked));
  return html`
    ${found.chips?.length > 0 && html`<ul class="gallery-chips" aria-label="Narrowed by">
      ${found.chips.map((one) => html`<li class="chip" key=${one.key}>${one.label}<${IconButton} icon="cross"
        label=${`Remove: ${one.label}`} kind="chip-remove" onClick=${() => without(one.key)} /></li>`)}
    </ul>`}
    <p class="gallery-said" role="status">${found.problem ?? found.said}</p>
    <ul class="gallery-grid">
      ${(found.images ?? []).map((one) => html`<${GalleryPicture} image=${one} key=${one.id} />`)}
    </ul>
    ${found.more && html`<button type="button" class="button button-default gallery-more" onClick=${more}>
      Show more</button>`}`;
}
