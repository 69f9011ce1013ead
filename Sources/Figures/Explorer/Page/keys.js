// @ts-check
// What each key does, and the overlay that says so.

import { element } from "./elements.js";
import { part } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {{keys: string[], shown: string, does: string, run: () => void}} Command */

/** What the pointer does, for the overlay. */
const gestures = [
    ["drag", "pan all maps"],
    ["wheel", "zoom all maps"],
    ["Shift + drag", "draw a lasso: add what is inside to the selection"],
    ["click", "pin a sample; on nothing: unpin it"],
    ["double click", "show the whole maps"],
    ["Shift + click on a class", "show only this class"],
    ["drop a CSV", "select the samples whose ids it holds"],
    ["arrow keys on a map", "pan"],
    ["Enter on a map", "pin the sample nearest to the middle"],
];

/** What fingers do. */
const touches = [
    ["tap", "pin a sample; on nothing: unpin it"],
    ["long-press, then draw", "draw a lasso: select what is inside"],
    ["two fingers", "zoom all maps"],
    ["drag", "pan all maps while they are zoomed in; otherwise, scroll"],
    ["double tap", "show the whole maps"],
];

/**
 * Listens to the keyboard, and shows what it knows in the overlay.
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

/**
 * The words of the page in the overlay, for readers who want them at once.
 * @param {[string, string][]} explanations
 */
export function showWords(explanations) {
    part("words").hidden = explanations.length === 0;
    for (const [term, meaning] of explanations) {
        part("words-list").append(element("dt", "", term), element("dd", "", meaning));
    }
}
