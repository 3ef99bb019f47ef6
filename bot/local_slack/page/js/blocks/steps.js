// What an agent does, step by step: the plan and task_card blocks, live while their message streams.
import { html, useState } from "../../vendor/preact.js";
import { Icon } from "../parts/icons.js";
import { Link } from "../text/links.js";
import { Plain } from "../text/mrkdwn.js";
import { RichText } from "../text/rich.js";
import { useSurface } from "./surface.js";

const MARKS = { complete: "check", error: "cross", in_progress: "spinner" };
const SPOKEN = { pending: "waiting", in_progress: "in progress", complete: "done", error: "failed" };

export function Plan({ block }) {
  const tasks = block.tasks ?? [];
  const { streaming } = useSurface();
  const over = !streaming && tasks.every((task) => task.status === "complete" || task.status === "error");
  const [chosen, choose] = useState(null);
  const open = chosen ?? !over;
  const done = tasks.filter((task) => task.status === "complete").length;
  return html`<div class="plan">
    <button type="button" class="plan-title" aria-expanded=${open} onClick=${() => choose(!open)}>
      <${Icon} name=${over ? "check" : "spinner"} /><span class="plan-name"><${Plain} text=${block.title || "Steps"} />
        </span>
      <span class="plan-count">${done} of ${tasks.length}</span><${Icon} name=${open ? "up" : "down"} />
    </button>
    ${open && html`<ul class="steps" aria-label="Steps">${tasks.map((task) => html`<${Task} task=${task}
      key=${task.task_id} />`)}</ul>`}
  </div>`;
}

export function Task({ task }) {
  const title = typeof task.title === "string" ? task.title : task.title?.text;
  return html`<li class=${`step step-${task.status}`}>
    <span class="step-mark"><${Icon} name=${MARKS[task.status] ?? "dot"} /></span>
    <div class="step-body">
      <span class="step-title"><${Plain} text=${title ?? ""} /></span><span
        class="spoken">, ${SPOKEN[task.status] ?? task.status}</span>
      ${task.details && html`<div class="step-details"><${RichText} elements=${task.details.elements} /></div>`}
      ${task.output && html`<div class="step-output"><${RichText} elements=${task.output.elements} /></div>`}
      ${task.sources?.length > 0 && html`<div class="step-sources">${task.sources.map((one) => html`<${Link}
        address=${one.url}>${one.text}<//>`)}</div>`}
    </div>
  </li>`;
}
