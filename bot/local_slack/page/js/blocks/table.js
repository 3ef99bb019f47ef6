// The table block: the first row heads the columns.
import { html } from "../../vendor/preact.js";
import { Plain } from "../text/mrkdwn.js";
import { RichText } from "../text/rich.js";

const Cell = ({ cell }) => (cell.type === "rich_text"
  ? html`<${RichText} elements=${cell.elements} />`
  : html`<${Plain} text=${cell.text ?? String(cell.value ?? "")} />`);

export function Table({ block }) {
  const [head, ...rows] = block.rows;
  const settings = block.column_settings ?? [];
  const kind = (number) => {
    const { align = "left", is_wrapped: wrapped = false } = settings[number] ?? {};
    return `align-${align} ${wrapped ? "wrapped" : ""}`;
  };
  return html`<div class="table-frame" tabindex="0" role="group" aria-label="Table"><table>
    <thead><tr>${head.map((cell, number) => html`<th class=${kind(number)} scope="col"><${Cell} cell=${cell} /></th>`)}
      </tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, number) => html`<td class=${kind(number)}><${Cell}
      cell=${cell} /></td>`)}</tr>`)}</tbody>
  </table></div>`;
}
