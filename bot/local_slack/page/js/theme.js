// Light or dark: as the system has it, until somebody chooses.
import { effect, signal } from "../vendor/preact.js";

const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = signal(localStorage.getItem("theme"));
const dark = signal(system.matches);
system.addEventListener("change", () => (dark.value = system.matches));

export const isDark = () => (chosen.value ? chosen.value === "dark" : dark.value);

export function switchTheme() {
  chosen.value = isDark() ? "light" : "dark";
  localStorage.setItem("theme", chosen.value);
}

effect(() => (document.documentElement.dataset.theme = isDark() ? "dark" : "light"));
