// "Spyglass is looking…": what the app says it is doing, for as long as it says so.
import { html, useEffect, useState } from "../../vendor/preact.js";
import { appName, bot } from "../store.js";
import { Avatar } from "./avatar.js";

const TURN = 4000; // milliseconds a loading message stands before the next

export function Status({ doing }) {
  const lines = doing.loading_messages?.length ? doing.loading_messages : [doing.status];
  const [number, setNumber] = useState(0);
  useEffect(() => {
    if (lines.length < 2) return undefined;
    const timer = setInterval(() => setNumber((before) => before + 1), TURN);
    return () => clearInterval(timer);
  }, [lines.length]);
  return html`<div class="status" role="status"><${Avatar} user=${bot.value} size=${20} /><span class="shimmer"><strong>
    ${appName.value}</strong> ${lines[number % lines.length]}</span></div>`;
}
