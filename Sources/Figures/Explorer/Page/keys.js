// @ts-check
// Keyboard shortcuts, and the help overlay that lists them.

import { element } from "./elements.js";
import { part } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {{keys: string[], shown: string, does: string, run: () => void}} Command */

/** Mouse gestures, and keys on a map, as listed in the overlay. */
const gestures = [
    ["drag", "pan all maps"],
    ["wheel", "zoom all maps"],
    ["Shift + drag", "draw a lasso: add what is inside to the selection"],
    ["click", "pin a sample; on empty space: unpin it"],
    ["double click", "show the whole maps"],
    ["Shift + click on a class", "show only this class"],
    ["drop a CSV", "select the samples whose ids it holds"],
    ["arrow keys on a map", "pan"],
    ["Enter on a map", "pin the sample nearest to the middle"],
];

/** Touch gestures, as listed in the overlay. */
const touches = [
    ["tap", "pin a sample; on empty space: unpin it"],
    ["long-press, then draw", "draw a lasso: select what is inside"],
    ["two fingers", "zoom all maps"],
    ["drag", "pan all maps while they are zoomed in; otherwise, scroll"],
    ["double tap", "show the whole maps"],
];

/**
 * Handles keyboard shortcuts and lists them in the overlay. Call this only once.
 * @param {Command[]} commands
 */
export function listenToKeys(commands) {
    const keys = [...commands.map(({ shown, does }) => [shown, does]), ...gestures];
    const isTouch = matchMedia("(pointer: coarse)").matches;
    for (const [gesture, does] of isTouch ? [...touches, ...keys] : keys) {
        const row = element("tr");
        const key = element("th");
        key.append(element("kbd", "", gesture));
        row.append(key, element("td", "", does));
        part("keys-table").append(row);
    }
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (/** @type {HTMLDialogElement} */ (part("keys")).open) return;
        const target = /** @type {HTMLElement} */ (event.target);
        const isText = target instanceof HTMLInputElement && target.type !== "range";
        if (isText || target instanceof HTMLSelectElement) return;
        // Leave Space to buttons, and arrow keys to sliders and maps.
        if (event.key === " " && target.closest("button")) return;
        if (event.key.startsWith("Arrow") && (target instanceof HTMLInputElement || target.closest(".map"))) return;
        const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const command = commands.find(({ keys }) => keys.includes(pressed));
        if (!command) return;
        event.preventDefault();
        command.run();
    });
}

/** Opens the help overlay as a modal dialog. */
export function showKeys() {
    /** @type {HTMLDialogElement} */ (part("keys")).showModal();
}

/**
 * Lists all terms and their meanings in the overlay.
 * @param {[string, string][]} explanations
 */
export function showWords(explanations) {
    part("words").hidden = explanations.length === 0;
    for (const [term, meaning] of explanations) {
        part("words-list").append(element("dt", "", term), element("dd", "", meaning));
    }
}
