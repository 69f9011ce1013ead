// @ts-check
// The state of the page: everything the reader has chosen. Parts of the page subscribe to its changes with `on`.

import { colouringsOf, extent } from "./colours.js";
import { View } from "./geometry.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./data.js").Places} Places */

/**
 * What can change, in this order: filters or selection, the hovered sample, the pinned sample, point positions, the
 * viewport, the colouring, light or dark, what dragging does, whether density contours are drawn.
 * @typedef {"lit" | "hover" | "pin" | "places" | "view" | "colour" | "theme" | "mode" | "density"} Change
 */

/**
 * A numeric filter. Samples pass if their value is in low…high, both inclusive. NaN passes only the full range.
 * @typedef {{name: string, values: Float32Array, least: number, most: number, low: number, high: number}} RangeFilter
 */

/** With more points than this, density contours are shown by default. */
const manyPoints = 20_000;

/** Shared by all parts of the page. Methods notify listeners; after assigning a property, call `tell` or `refilter`. */
export class ExplorerState {
    /** @param {ExplorerData} data */
    constructor(data) {
        this.data = data;
        this.view = new View();
        /** 1 for each sample that passes the filters and is selected (or nothing is selected); the others are dimmed. */
        this.lit = new Uint8Array(data.count).fill(1);
        this.litCount = data.count;
        /** @type {Uint8Array | null} 1 for each selected sample; null if nothing is selected. */
        this.selection = null;
        this.selectedCount = 0;
        this.isClassShown = new Array(data.classes.length).fill(true);
        /** @type {RangeFilter[]} */
        this.ranges = rangeFilters(data);
        /** The hovered sample and the panel under the pointer, or −1. A sample hovered in a list has no panel. */
        this.hovered = -1;
        this.hoveredPanel = -1;
        /** The pinned sample and the panel it was pinned on, or −1. */
        this.pinned = -1;
        this.pinnedPanel = -1;
        /** Progress of the morph from map `morphSource` to map `morphTarget`, 0…1. */
        this.morph = 0;
        this.morphSource = 0;
        this.morphTarget = data.panels.length > 1 ? 1 : 0;
        /** Time of the film: 0 is the first frame, 1 the maps themselves. */
        this.time = 1;
        this.colourings = colouringsOf(data);
        /** Index of the current colouring. */
        this.colouring = 0;
        this.hasDensityAtFirst = data.count > manyPoints;
        this.hasDensity = this.hasDensityAtFirst;
        this.isDark = false;
        this.isLasso = false;
        /** @type {Map<Change, (() => void)[]>} */
        this.listeners = new Map();
    }

    /**
     * Registers a callback for these changes. Callbacks run synchronously, in the order of registration.
     * @param {Change[]} changes @param {() => void} listener
     */
    on(changes, listener) {
        for (const change of changes) {
            this.listeners.set(change, [...(this.listeners.get(change) ?? []), listener]);
        }
    }

    /** @param {Change} change */
    tell(change) {
        for (const listener of this.listeners.get(change) ?? []) listener();
    }

    // MARK: - Filters and selection

    get isFiltered() {
        return this.isClassShown.includes(false) || this.ranges.some((range) => !isWhole(range));
    }

    /**
     * Selects these samples. Replaces the current selection unless `isAdding`, which extends it.
     * @param {number[]} samples @param {boolean} isAdding
     */
    select(samples, isAdding) {
        const selection = isAdding && this.selection ? this.selection : new Uint8Array(this.data.count);
        for (const sample of samples) selection[sample] = 1;
        this.takeSelection(selection);
    }

    /**
     * Replaces the selection with the samples that have 1; all 0 clears it. Keeps the array without copying it.
     * @param {Uint8Array} selection
     */
    takeSelection(selection) {
        this.selectedCount = 0;
        for (let sample = 0; sample < selection.length; sample += 1) this.selectedCount += selection[sample];
        this.selection = this.selectedCount > 0 ? selection : null;
        this.refilter();
    }

    clearSelection() {
        this.selection = null;
        this.selectedCount = 0;
        this.refilter();
    }

    clearFilters() {
        this.isClassShown.fill(true);
        for (const range of this.ranges) [range.low, range.high] = [range.least, range.most];
        this.refilter();
    }

    /** Call this after changing a filter. Updates `lit` and notifies listeners. O(samples × active range filters). */
    refilter() {
        const { data, selection, isClassShown } = this;
        const ranges = this.ranges.filter((range) => !isWhole(range));
        this.litCount = 0;
        for (let sample = 0; sample < data.count; sample += 1) {
            let isLit = isClassShown[data.majorities[sample]] && (selection === null || selection[sample] === 1);
            for (const range of ranges) {
                const value = range.values[sample];
                isLit = isLit && value >= range.low && value <= range.high;
            }
            this.lit[sample] = isLit ? 1 : 0;
            if (isLit) this.litCount += 1;
        }
        if (this.hovered >= 0 && this.lit[this.hovered] === 0) this.hover(-1, -1);
        this.tell("lit");
    }

    // MARK: - One sample

    /** @param {number} sample @param {number} panel */
    hover(sample, panel) {
        if (sample === this.hovered && panel === this.hoveredPanel) return;
        this.hovered = sample;
        this.hoveredPanel = sample < 0 ? -1 : panel;
        this.tell("hover");
    }

    /** @param {number} sample @param {number} [panel] */
    pin(sample, panel = -1) {
        this.pinned = sample;
        this.pinnedPanel = panel;
        this.tell("pin");
    }

    // MARK: - Places

    get hasFilm() { return this.data.panels.some((panel) => panel.frames.length > 0); }

    /** @param {number} share */
    setMorph(share) {
        this.morph = share;
        this.time = 1;
        this.tell("places");
    }

    /** @param {number} time */
    setTime(time) {
        this.time = time;
        this.morph = 0;
        this.tell("places");
    }

    /**
     * The positions between which a panel's points are interpolated, the share of the way (0…1), and the panel's label.
     * @param {number} panel
     * @returns {{from: Places, to: Places, share: number, label: string}}
     */
    places(panel) {
        const { frames, places, name } = this.data.panels[panel];
        if (this.time < 1 && frames.length > 0) {
            const position = this.time * (frames.length - 1);
            const frame = Math.min(Math.floor(position), frames.length - 2);
            return {
                from: frames[frame].places, to: frames[frame + 1].places, share: position - frame,
                label: `${name}, ${frames[Math.round(position)].label}`,
            };
        }
        if (panel === this.morphSource && this.morph > 0) {
            const target = this.data.panels[this.morphTarget];
            const label = this.morph === 1
                ? target.name : `${name} → ${target.name}, ${Math.round(100 * this.morph)} %`;
            return { from: places, to: target.places, share: this.morph, label };
        }
        return { from: places, to: places, share: 0, label: name };
    }

    /**
     * The current colours of a panel's points: RGB bytes, N × 3.
     * @param {number} panel
     */
    colours(panel) {
        return this.colourings[this.colouring].colours(panel, this.isDark);
    }

    /** @param {number} index */
    setColouring(index) {
        this.colouring = index;
        this.tell("colour");
    }

    /**
     * Sets the maps of the morph. If both are the same, the one that did not change takes the other's previous map.
     * @param {number} source @param {number} target
     */
    setMorphMaps(source, target) {
        if (source === target) {
            if (source === this.morphSource) source = this.morphTarget;
            else target = this.morphSource;
        }
        [this.morphSource, this.morphTarget] = [source, target];
        this.tell("places");
    }
}

/** @param {RangeFilter} range */
export function isWhole(range) {
    return range.low <= range.least && range.high >= range.most;
}

/**
 * One filter for the entropy and one per numeric column, except those with fewer than two distinct finite values.
 * @param {ExplorerData} data
 */
function rangeFilters(data) {
    const filters = [];
    const numbers = data.columns.filter(({ categories }) => categories === null);
    for (const { name, values } of [{ name: "entropy of the label", values: data.entropies }, ...numbers]) {
        const { least, most } = extent(values);
        if (most > least) filters.push({ name, values, least, most, low: least, high: most });
    }
    return filters;
}
