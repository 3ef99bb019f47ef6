// Cards, alone or side by side in a carousel.
import { html, useEffect, useRef, useState } from "../../vendor/preact.js";
import { IconButton } from "../parts/icon_button.js";
import { TextObject } from "../text/mrkdwn.js";
import { Element } from "./elements.js";
import { ImageElement } from "./image.js";

export function Card({ block }) {
  return html`<div class="card" role="group" aria-label=${block.title?.text}>
    ${block.hero_image && html`<${ImageElement} element=${block.hero_image} size="hero" name=${block.title?.text} />`}
    <div class="card-body">
      ${block.icon && html`<${ImageElement} element=${block.icon} size="icon" />`}
      ${block.title && html`<div class="card-title"><${TextObject} of=${block.title} /></div>`}
      ${block.subtitle && html`<div class="card-subtitle"><${TextObject} of=${block.subtitle} /></div>`}
      ${block.body && html`<div class="card-text"><${TextObject} of=${block.body} /></div>`}
      ${block.subtext && html`<div class="card-subtitle"><${TextObject} of=${block.subtext} /></div>`}
    </div>
    ${block.actions && html`<div class="card-actions">${block.actions.map((one) => html`<${Element} element=${one}
      block=${block} />`)}</div>`}
  </div>`;
}

export function Carousel({ block }) {
  const strip = useRef(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const seen = new ResizeObserver(([{ target }]) => setOverflows(target.scrollWidth > target.clientWidth));
    seen.observe(strip.current);
    return () => seen.disconnect();
  }, [block.elements.length]);
  const move = (way) => strip.current.scrollBy({ left: way * strip.current.clientWidth * 0.8, behavior: "smooth" });
  return html`<div class="carousel" role="region" aria-label=${`${block.elements.length} cards`}>
    <ul class="carousel-strip" ref=${strip} tabindex="0" aria-label="Cards">
      ${block.elements.map((card, number) => html`<li key=${card.block_id ?? number}><${Card} block=${card} /></li>`)}
    </ul>
    ${overflows && html`<div class="carousel-arrows">
      <${IconButton} label="Earlier cards" icon="left" onClick=${() => move(-1)} />
      <${IconButton} label="Later cards" icon="right" onClick=${() => move(1)} />
    </div>`}
  </div>`;
}
