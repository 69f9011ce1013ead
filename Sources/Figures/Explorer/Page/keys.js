// @ts-check
// What each key does, and the overlay that says so.

import { element } from "./card.js";
import { part } from "./filters.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {{keys: string[], shown: string, does: string, run: () => void}} Command */

/** What the pointer does, for the overlay. */
const gestures = [
    ["drag", "pan all maps"],
    ["wheel, or two fingers", "zoom all maps"],
    ["Shift + drag", "draw a lasso: select what lies inside, beside what is selected"],
    ["click", "pin a sample; on nothing: let go of it"],
    ["double click", "show the whole maps"],
    ["Shift + click on a class", "show this class alone"],
    ["arrow keys on a map", "pan"],
];

/**
 * Listens to the keyboard, and shows what it knows in the overlay.
 * @param {Command[]} commands
 */
export function listenToKeys(commands) {
    const table = part("keys-table");
    for (const [gesture, does] of [...commands.map(({ shown, does }) => [shown, does]), ...gestures]) {
        const row = element("tr");
        const key = element("th");
        key.append(element("kbd", "", gesture));
        row.append(key, element("td", "", does));
        table.append(row);
    }
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (/** @type {HTMLDialogElement} */ (part("keys")).open) return;
        const target = /** @type {HTMLElement} */ (event.target);
        const isText = target instanceof HTMLInputElement && target.type !== "range";
        if (isText || target instanceof HTMLSelectElement) return;
        // Space on a button presses it, and arrows on a slider move it.
        if (event.key === " " && target.closest("button")) return;
        if (event.key.startsWith("Arrow") && (target instanceof HTMLInputElement || target.closest(".map"))) return;
        const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const command = commands.find(({ keys }) => keys.includes(pressed));
        if (!command) return;
        event.preventDefault();
        command.run();
    });
}

/** Opens the overlay. */
export function showKeys() {
    /** @type {HTMLDialogElement} */ (part("keys")).showModal();
}
