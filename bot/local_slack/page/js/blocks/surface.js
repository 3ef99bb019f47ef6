// Where blocks stand: a message, a modal or a home tab. Their elements ask it to press, to keep values, to show errors.
import { createContext, useContext } from "../../vendor/preact.js";

/**
 * press(element, value): tells the app, and resolves when it has acknowledged; suggest(element, typed): the options
 * the app gives. values: a signal of what inputs hold, by action id, or null where each keeps its own; errors:
 * sentences by block id; channel: where the person is; streaming: whether the message still grows.
 */
export const Surface = createContext({ press: async () => {}, values: null, errors: {}, channel: null });

export const useSurface = () => useContext(Surface);
