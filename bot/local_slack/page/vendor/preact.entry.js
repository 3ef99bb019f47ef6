export { h, render, createContext, Fragment } from "preact";
export * from "preact/hooks";
export { signal, computed, effect, batch, useSignal, useComputed, useSignalEffect } from "@preact/signals";
import { h } from "preact"; import htm from "htm"; export const html = htm.bind(h);
