// @ts-check
// What the reader has chosen so far, in one place; whoever shows some of it listens for its changes.

import { colouringsOf, extent } from "./colours.js";
import { View } from "./geometry.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./data.js").Places} Places */

/**
 * What can change: which samples are lit, which one is under the pointer or pinned, where points are, what part of the
 * maps is shown, what colours mean, light or dark, what dragging does, whether lines of density are drawn.
 * @typedef {"lit" | "hover" | "pin" | "places" | "view" | "colour" | "theme" | "mode" | "density"} Change
 */

/**
 * A filter by numbers: samples stay whose value lies in low…high; while that is the whole range, those without too.
 * @typedef {{name: string, values: Float32Array, least: number, most: number, low: number, high: number}} RangeFilter
 */

/** With more points than this, lines of density are drawn unless the reader takes them away. */
const manyPoints = 20_000;

/** The state of the page. */
export class ExplorerState {
    /** @param {ExplorerData} data */
    constructor(data) {
        this.data = data;
        this.view = new View();
        /** 1 for each sample that filters and selection leave in. */
        this.lit = new Uint8Array(data.count).fill(1);
        this.litCount = data.count;
        /** @type {Uint8Array | null} 1 for each selected sample, or null while nothing is selected. */
        this.selection = null;
        this.selectedCount = 0;
        this.isClassShown = new Array(data.classes.length).fill(true);
        /** @type {RangeFilter[]} */
        this.ranges = rangeFilters(data);
        /** The sample under the pointer and the panel it is in, or −1. */
        this.hovered = -1;
        this.hoveredPanel = -1;
        /** The sample that was clicked, and the panel on which, or −1. */
        this.pinned = -1;
        this.pinnedPanel = -1;
        /** How far the map `morphSource` has turned into the map `morphTarget`, 0…1. */
        this.morph = 0;
        this.morphSource = 0;
        this.morphTarget = data.panels.length > 1 ? 1 : 0;
        /** From 0, the first frame of the film, to 1, the maps themselves. */
        this.time = 1;
        this.colourings = colouringsOf(data);
        /** Which of them is shown. */
        this.colouring = 0;
        this.hasDensityAtFirst = data.count > manyPoints;
        this.hasDensity = this.hasDensityAtFirst;
        this.isDark = false;
        this.isLasso = false;
        /** @type {Map<Change, (() => void)[]>} */
        this.listeners = new Map();
    }

    /**
     * Calls `listener` after each of these changes.
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
     * Selects these samples alone, or beside those selected already.
     * @param {number[]} samples @param {boolean} isAdding
     */
    select(samples, isAdding) {
        const selection = isAdding && this.selection ? this.selection : new Uint8Array(this.data.count);
        for (const sample of samples) selection[sample] = 1;
        this.takeSelection(selection);
    }

    /**
     * Selects the samples that have 1; none if all have 0.
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

    /** To be called when a filter has changed. O(samples). */
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
     * The two sets of places between which the points of a panel are, how far they have gone, and the name of it.
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
     * The colours of a panel's points, N × 3.
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
     * The two maps of the morph, which differ: where they would not, the other one gives way.
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
 * One filter for entropy and one for each column of numbers that has more than one value.
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
