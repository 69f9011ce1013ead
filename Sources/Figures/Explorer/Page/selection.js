// @ts-check
// The selection: its size and mean label, the export as CSV, and the import of a table of ids.

import { element } from "./elements.js";
import { csv, samplesNamedBy, save } from "./csv.js";
import { announce, part } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Size limit for tables of ids, in bytes. */
const mostBytes = 256 * 2 ** 20;

/** Matches if the primary pointer is a finger. */
const isTouch = matchMedia("(pointer: coarse)");

/**
 * Sets up the selection section: sample count, mean label, clear, export and import.
 * @param {ExplorerState} state
 */
export function showSelection(state) {
    const update = () => {
        const { data, litCount, isFiltered, selection } = state;
        const [all, count, selected] = [data.count, litCount, state.selectedCount]
            .map((number) => number.toLocaleString("en"));
        const samples = data.count === 1 ? "sample" : "samples";
        part("selection-text").textContent =
            selection && isFiltered ? `${count} of ${selected} selected ${samples} pass the filters`
            : selection ? `${count} of ${all} ${samples} selected`
            : isFiltered ? `${count} of ${all} ${samples} pass the filters`
            : `All ${all} ${samples}. ${isTouch.matches ? "Long-press and draw" : "Shift and drag"} around points to select.`;
        part("clear").hidden = !selection && !isFiltered;
        /** @type {HTMLButtonElement} */ (part("export")).disabled = litCount === 0;
        showMeanLabel(state);
    };
    state.on(["lit"], update);
    update();
    part("clear").addEventListener("click", () => {
        state.clearFilters();
        state.clearSelection();
    });
    part("export").addEventListener("click", () => save(csv(state.data, state.lit), "samples.csv"));
    takeTables(state);
}

/**
 * Lets the reader choose a table of ids, or drop one on the page, and selects the samples it names.
 * @param {ExplorerState} state
 */
function takeTables(state) {
    const say = (/** @type {string} */ text) => {
        part("taken").textContent = text;
        announce(text);
    };
    const take = async (/** @type {File | undefined} */ file) => {
        if (!file) return;
        if (file.size > mostBytes) {
            say(`${file.name} has ${Math.round(file.size / 2 ** 20)} MB; the limit is ${mostBytes / 2 ** 20} MB.`);
            return;
        }
        const { isTaken, found, unknown } = samplesNamedBy(state.data, await file.text());
        if (found === 0) {
            say(`${file.name} names no sample of this page${unknown.length > 0 ? `: ${short(unknown)} found` : ""}.`);
            return;
        }
        state.takeSelection(isTaken);
        say(`${file.name}: ${found.toLocaleString("en")} ids found`
            + (unknown.length > 0 ? `, ${unknown.length.toLocaleString("en")} unknown (${short(unknown)})` : "") + ".");
    };
    state.on(["lit"], () => {
        if (!state.selection) part("taken").textContent = "";
    });
    const field = /** @type {HTMLInputElement} */ (part("table"));
    part("take").addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
        take(field.files?.[0]);
        field.value = "";
    });
    const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") === true;
    let depth = 0;
    const mark = (/** @type {number} */ change) => {
        depth = Math.max(depth + change, 0);
        document.body.classList.toggle("dropping", depth > 0);
    };
    document.addEventListener("dragenter", (event) => isFile(event) && mark(1));
    document.addEventListener("dragleave", (event) => isFile(event) && mark(-1));
    document.addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        mark(-depth);
        take(event.dataTransfer?.files[0]);
    });
}

/** The first three names, each cut to 40 characters. @param {string[]} names */
function short(names) {
    const few = names.slice(0, 3).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
    return few.join(", ") + (names.length > 3 ? " …" : "");
}

/**
 * Shows the mean label of the samples that are not filtered out as a stacked bar. O(samples × classes).
 * @param {ExplorerState} state
 */
function showMeanLabel({ data, lit, litCount }) {
    const sums = new Float64Array(data.classes.length);
    for (let sample = 0; sample < data.count; sample += 1) {
        if (lit[sample] === 0) continue;
        for (let index = 0; index < sums.length; index += 1) {
            sums[index] += data.distributions[sample * sums.length + index];
        }
    }
    part("selection-bar").replaceChildren(...data.classes.map((one, index) => {
        const segment = element("span");
        const mean = litCount > 0 ? sums[index] / litCount : 0;
        segment.style.flexGrow = String(mean);
        segment.style.backgroundColor = one.colour;
        segment.title = `${data.className(index)}: ${(100 * mean).toFixed(1)} % of the labels`;
        return segment;
    }));
}
