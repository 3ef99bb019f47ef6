// Where blocks stand: a message, a modal or a home tab. Their elements ask it to press, to keep values, to show errors.
import { createContext, useContext } from "../../vendor/preact.js";

/**
 * press(element, value): tells the app, and resolves when it has acknowledged.
 * streaming: whether its message still grows. values: a signal of what inputs hold, by action id; errors: sentences by block id; suggest(element, typed).
 */
export const Surface = createContext({ kind: "message", press: async () => {}, values: null, errors: {}, channel: null });

export const useSurface = () => useContext(Surface);
