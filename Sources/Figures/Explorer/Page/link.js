// @ts-check
// Links to a view: the URL fragment stores what the reader sees and restores it.

import { isWhole } from "./state.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** The longest encoded selection that goes into a URL, in characters. */
const mostLetters = 6000;

/** Keeps the URL and the state in sync: writes changes 250 ms after the last one, and reads the URL when it changes. */
export class Link {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.state = state;
        /** Whether the selection was too long for the URL and was left out. */
        this.isCut = false;
        this.isRestoring = false;
        this.samples = "";
        this.restore();
        state.on(["lit", "pin", "places", "view", "colour", "density"], () => {
            if (this.isRestoring) return;
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.write(), 250);
        });
        addEventListener("hashchange", () => this.restore());
    }

    /** Identifies the data set: the number of samples and a hash (FNV-1a) of their ids. */
    get #samples() {
        if (this.samples === "") {
            const { idText, count } = this.state.data;
            let hash = 0x811c9dc5;
            for (let at = 0; at < idText.length; at += 1) hash = Math.imul(hash ^ idText.charCodeAt(at), 0x01000193);
            this.samples = `${count}-${(hash >>> 0).toString(36)}`;
        }
        return this.samples;
    }

    /** The URL fragment for the current view, without "#"; empty if nothing was changed. Updates `isCut`. */
    get fragment() {
        const { state } = this;
        const { data, view } = state;
        const words = new URLSearchParams();
        if (!view.isWhole) words.set("view", [view.x, view.y, view.zoom].map(rounded).join(","));
        if (state.pinned >= 0) words.set("pin", String(state.pinned));
        if (state.colouring > 0) words.set("colour", state.colourings[state.colouring].name);
        const hidden = data.classes.flatMap((_, index) => (state.isClassShown[index] ? [] : [index]));
        if (hidden.length > 0) words.set("without", hidden.join(","));
        for (const range of state.ranges) {
            if (!isWhole(range)) words.append("range", `${rounded(range.low)},${rounded(range.high)},${range.name}`);
        }
        this.isCut = false;
        if (state.selection) {
            const text = selectionText(state.selection);
            this.isCut = text.length > mostLetters;
            if (!this.isCut) words.set("select", text);
        }
        if (state.morph > 0 || state.morphSource !== 0 || state.morphTarget > 1) {
            words.set("morph", [state.morphSource, state.morphTarget, rounded(state.morph)].join(","));
        }
        if (state.time < 1) words.set("time", String(rounded(state.time)));
        if (state.hasDensity !== state.hasDensityAtFirst) words.set("density", state.hasDensity ? "1" : "0");
        const text = words.toString();
        // Sample indices are valid only for the same data set.
        if (text !== "") words.set("of", this.#samples);
        return [...(isPlain() ? ["canvas"] : []), ...(text === "" ? [] : [words.toString()])].join("&");
    }

    write() {
        const { fragment } = this;
        history.replaceState(null, "", fragment === "" ? location.pathname + location.search : `#${fragment}`);
    }

    /** Applies the URL to the state. Ignores links to other data; missing or invalid parameters change nothing. */
    restore() {
        const { state } = this;
        const { data } = state;
        const words = new URLSearchParams(location.hash.slice(1));
        if (!words.has("of") || words.get("of") !== this.#samples) return;
        this.isRestoring = true;
        const numbers = (/** @type {string} */ name, /** @type {number} */ count) => {
            const list = (words.get(name) ?? "").split(",").map(Number);
            return list.length >= count && list.every(Number.isFinite) && words.has(name) ? list : null;
        };
        const view = numbers("view", 3);
        if (view) state.view.set(view[0], view[1], view[2]);
        const colouring = state.colourings.findIndex(({ name }) => name === words.get("colour"));
        if (colouring >= 0) state.colouring = colouring;
        for (const index of numbers("without", 1) ?? []) {
            if (index in state.isClassShown) state.isClassShown[index] = false;
        }
        for (const text of words.getAll("range")) {
            const [low, high, ...name] = text.split(",");
            const range = state.ranges.find((one) => one.name === name.join(","));
            if (range && Number(low) <= Number(high)) [range.low, range.high] = [Number(low), Number(high)];
        }
        const density = words.get("density");
        if (density) state.hasDensity = density === "1";
        const [source, target, share] = numbers("morph", 3) ?? [0, 0, 0];
        const isMap = (/** @type {number} */ index) => Number.isInteger(index) && index >= 0 && index < data.panels.length;
        if (source !== target && isMap(source) && isMap(target)) {
            [state.morphSource, state.morphTarget] = [source, target];
            state.morph = Math.min(Math.max(share, 0), 1);
        }
        const time = numbers("time", 1);
        if (time && state.hasFilm) state.time = Math.min(Math.max(time[0], 0), 1);
        for (const change of /** @type {const} */ (["view", "colour", "places", "density"])) state.tell(change);
        const selection = words.has("select") ? selectionOf(words.get("select") ?? "", data.count) : null;
        if (selection) state.takeSelection(selection);
        else state.refilter();
        const pinned = numbers("pin", 1)?.[0] ?? -1;
        if (Number.isInteger(pinned) && pinned >= 0 && pinned < data.count) state.pin(pinned);
        this.isRestoring = false;
    }
}

/** Whether the URL asks for drawing without WebGL2 (`#canvas`). */
export function isPlain() {
    return location.hash.split(/[#&]/).includes("canvas");
}

/** Rounds to six significant digits, more than a screen can show. @param {number} value */
function rounded(value) {
    return Number(value.toPrecision(6));
}

/**
 * Encodes the samples that have 1: the gaps between their indices, seven bits per byte with the lowest first (the top bit
 * means that more follow), in URL-safe base64. Stops once the result is longer than `mostLetters`.
 * @param {Uint8Array} isTaken
 */
function selectionText(isTaken) {
    let [letters, before] = ["", -1];
    for (let sample = 0; sample < isTaken.length && letters.length <= mostLetters; sample += 1) {
        if (isTaken[sample] === 0) continue;
        let gap = sample - before - 1;
        for (; gap > 127; gap = Math.floor(gap / 128)) letters += String.fromCharCode(128 + (gap % 128));
        letters += String.fromCharCode(gap);
        before = sample;
    }
    return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Decodes `selectionText`; null if the text is invalid. @param {string} text @param {number} count */
function selectionOf(text, count) {
    const isTaken = new Uint8Array(count);
    let letters;
    try {
        letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    } catch {
        return null;
    }
    let [sample, gap, unit] = [-1, 0, 1];
    for (const letter of letters) {
        const code = letter.charCodeAt(0);
        gap += (code % 128) * unit;
        unit *= 128;
        if (code > 127) continue;
        sample += gap + 1;
        if (sample >= count) return null;
        isTaken[sample] = 1;
        [gap, unit] = [0, 1];
    }
    return isTaken;
}
