// Links: only to the web and into the workspace, whatever a message says.
import { html } from "../../vendor/preact.js";
import { fileAddress } from "../api.js";
import { follow } from "../route.js";

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

export function Link({ address, children }) {
  const url = parsed(address);
  if (!url || !ALLOWED.has(url.protocol)) return children;
  const file = workspaceFile(address);
  const target = file ? fileAddress(file) : address;
  const go = (event) => follow(address) && event.preventDefault();
  return html`<a href=${target} target="_blank" rel="noopener noreferrer nofollow" onClick=${go}>${children}</a>`;
}

/** The id of the file that an address of this workspace is of. */
export function workspaceFile(address) {
  const url = parsed(address);
  if (url?.origin !== location.origin) return null;
  return url.pathname.match(/^\/files-pri\/\w+-(\w+)\//)?.[1] ?? url.pathname.match(/^\/files\/\w+\/(\w+)\//)?.[1];
}
