// @ts-check
// The data of the page, as `ExplorerContent.swift` writes it into the document: text as JSON, numbers as packed arrays.

import { unpackedArrays } from "./arrays.js";

/**
 * @typedef {{name: string, fullName: string | null, isMissing: boolean, colour: string, ellipseShare: number | null}}
 *     ClassOfSamples
 * @typedef {{name: string, colours: Uint8Array}} GivenColouring  RGB bytes of each sample, N × 3.
 * @typedef {{side: number, columns: number, sheet: HTMLImageElement, isThere: Uint8Array}} Thumbnails
 * @typedef {(reference: import("./arrays.js").ArrayReference | null) => any} Arrays
 */

/**
 * A value per sample: a number or, for categories, an index into `categories`. NaN if the sample has none.
 * @typedef {object} Column
 * @property {string} name
 * @property {boolean} isChange
 * @property {Float32Array} values
 * @property {string[] | null} categories
 * @property {string[] | null} categoryColours
 */

/**
 * A map: the positions of all samples, NaN for a sample without one.
 * @typedef {object} MapOfSamples
 * @property {string} name
 * @property {string} caption
 * @property {Float32Array} coordinates  N × 2, unscaled; for the CSV export.
 * @property {Places} places  The same, scaled for drawing.
 * @property {Uint16Array | Uint32Array | null} neighbors  N × k samples, nearest first in the feature space; null if unknown.
 * @property {Float32Array | null} predictions  N × K, class shares; null if there are none.
 * @property {Uint8Array | null} predictedColours  RGB bytes, N × 3.
 * @property {{label: string, places: Places}[]} frames  In chronological order, the last is the map itself; or empty.
 * @property {number} missing  Number of samples without a position.
 */

/**
 * Positions in map coordinates: the longer side of their bounding box spans −1…1, centred at 0, y upwards.
 * `xy` is N × 2, NaN for a sample without a position. The other two are half the sides of the bounding box.
 * @typedef {{xy: Float32Array, halfWidth: number, halfHeight: number}} Places
 */

/** All data of the page. A sample has the same index, from 0, in every array. */
export class ExplorerData {
    /** @param {Document} page @returns {Promise<ExplorerData>} */
    static async read(page) {
        const element = page.getElementById("explorer-data");
        const words = JSON.parse(element?.textContent ?? "");
        const arrays = await unpackedArrays(page, words);
        return new ExplorerData(words, (reference) => reference && (arrays.get(reference.array) ?? null));
    }

    /** @param {any} words @param {Arrays} array */
    constructor(words, array) {
        /** @type {string} */
        this.title = words.title;
        /** @type {number} */
        this.count = words.count;
        /** @type {ClassOfSamples[]} */
        this.classes = words.classes.map((/** @type {any} */ one) => ({ fullName: null, ellipseShare: null, ...one }));
        // `ignoreBOM` keeps a leading byte order mark, which is part of the first id.
        /** All ids concatenated. Sample i has the UTF-16 code units from `idStarts[i]` up to `idStarts[i + 1]`. */
        this.idText = new TextDecoder("utf-8", { ignoreBOM: true }).decode(array(words.idText));
        this.idStarts = new Uint32Array(this.count + 1);
        const lengths = array(words.idLengths);
        for (let sample = 0; sample < this.count; sample += 1) {
            this.idStarts[sample + 1] = this.idStarts[sample] + lengths[sample];
        }
        /** @type {Float32Array} The label distributions, N × K; each row sums to 1. */
        this.distributions = array(words.distributions);
        /** @type {Uint32Array | null} Number of annotators per sample, 0 if unknown. */
        this.annotators = array(words.annotators ?? null);
        /** @type {Float32Array | null} Glyph shape per sample, from 0 (circle) to 1 (ellipse twice as long as high). */
        this.ellipseShares = array(words.ellipseShares ?? null);
        /** The order in which points are drawn: shuffled, so that no class covers another. */
        this.order = shuffled(this.count, words.seed);
        /** @type {GivenColouring[]} At least one; the first is the default. */
        this.colourings = words.colourings.map((/** @type {any} */ colouring) => {
            return { name: colouring.name, colours: array(colouring.colours) };
        });
        /** @type {string[][]} Colour stops for numeric values: the first list for light, the second for dark. */
        this.colourMaps = words.colourMaps;
        /** @type {Column[]} */
        this.columns = words.columns.map((/** @type {any} */ column) => {
            return { categories: null, categoryColours: null, ...column, values: array(column.values) };
        });
        /** @type {MapOfSamples[]} */
        this.panels = words.panels.map((/** @type {any} */ panel) => readPanel(panel, this.count, array));
        /** @type {Thumbnails | null} */
        this.thumbnails = words.thumbnails ? readThumbnails(words.thumbnails, array) : null;
        /** @type {string} */
        this.verdict = words.verdict;
        /** @type {string[]} */
        this.answer = words.answer;
        /** @type {string[][]} The first row is the header. */
        this.answerTable = words.answerTable;
        /** @type {[string, string][]} Pairs of a term and its meaning. */
        this.explanations = words.explanations;
        /** @type {string[]} */
        this.notes = words.notes;

        const { entropies, majorities } = summaries(this);
        /** Entropy of each label, in nats; NaN without a label. */
        this.entropies = entropies;
        /** The majority class of each sample; in a tie, the first. */
        this.majorities = majorities;
    }

    /** @param {number} sample */
    id(sample) {
        return this.idText.slice(this.idStarts[sample], this.idStarts[sample + 1]);
    }

    /** @param {number} sample @param {Float32Array} [shares] N × K; the labels by default. */
    distribution(sample, shares = this.distributions) {
        return shares.subarray(sample * this.classes.length, (sample + 1) * this.classes.length);
    }

    /** The full name of a class, or its short name if it has no other. @param {number} index */
    className(index) {
        const { name, fullName } = this.classes[index];
        return fullName ?? name;
    }
}

/**
 * @param {any} panel @param {number} count @param {Arrays} array
 * @returns {MapOfSamples}
 */
function readPanel(panel, count, array) {
    const coordinates = array(panel.coordinates);
    const places = fittedPlaces(coordinates);
    /** @type {Uint16Array | null} */
    const steps = array(panel.frameSteps ?? null);
    const frames = panel.frameLabels.map((/** @type {string} */ label, /** @type {number} */ frame) => {
        const all = /** @type {Uint16Array} */ (steps);
        const own = all.subarray(2 * count * frame, 2 * count * (frame + 1));
        if (frame > 0) {
            const before = all.subarray(2 * count * (frame - 1), 2 * count * frame);
            // Later frames are stored as differences modulo 65,536; assignment to the array wraps the sums.
            for (let index = 0; index < own.length; index += 1) own[index] += before[index];
        }
        return { label, places: fittedPlaces(Float32Array.from(own, (step) => (step === 65535 ? NaN : step))) };
    });
    if (frames.length > 0) frames.push({ label: "final", places });
    let missing = 0;
    for (let sample = 0; sample < count; sample += 1) if (Number.isNaN(places.xy[2 * sample])) missing += 1;
    return {
        name: panel.name, caption: panel.caption, coordinates, places, frames, missing,
        neighbors: array(panel.neighbors ?? null), predictions: array(panel.predictions ?? null),
        predictedColours: array(panel.predictedColours ?? null),
    };
}

/** @param {Float32Array} coordinates N × 2 @returns {Places} */
export function fittedPlaces(coordinates) {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let index = 0; index < coordinates.length; index += 2) {
        const x = coordinates[index];
        const y = coordinates[index + 1];
        if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < bottom) bottom = y;
        if (y > top) top = y;
    }
    const half = Math.max(right - left, top - bottom) / 2;
    const scale = half > 0 && Number.isFinite(half) ? 1 / half : 1;
    const xy = new Float32Array(coordinates.length);
    for (let index = 0; index < coordinates.length; index += 2) {
        const x = coordinates[index];
        const y = coordinates[index + 1];
        const isPlace = Number.isFinite(x) && Number.isFinite(y);
        xy[index] = isPlace ? (x - (left + right) / 2) * scale : NaN;
        xy[index + 1] = isPlace ? (y - (bottom + top) / 2) * scale : NaN;
    }
    return half > 0 && Number.isFinite(half)
        ? { xy, halfWidth: ((right - left) / 2) * scale, halfHeight: ((top - bottom) / 2) * scale }
        : { xy, halfWidth: 1, halfHeight: 1 };
}

/** @param {any} thumbnails @param {Arrays} array @returns {Thumbnails} */
function readThumbnails(thumbnails, array) {
    const sheet = new Image();
    sheet.src = URL.createObjectURL(new Blob([array(thumbnails.sheet)], { type: "image/webp" }));
    return { side: thumbnails.side, columns: thumbnails.columns, sheet, isThere: array(thumbnails.isThere) };
}

/** @param {ExplorerData} data */
function summaries({ distributions, count, classes }) {
    const entropies = new Float32Array(count);
    const majorities = new Uint16Array(count);
    const width = classes.length;
    for (let sample = 0, start = 0; sample < count; sample += 1, start += width) {
        let entropy = 0;
        let best = 0;
        for (let index = 0; index < width; index += 1) {
            const share = distributions[start + index];
            if (share > 0 && share < 1) entropy -= share * Math.log(share);
            if (share > distributions[start + best]) best = index;
        }
        entropies[sample] = classes[best].isMissing ? NaN : Math.max(0, entropy);
        majorities[sample] = best;
    }
    return { entropies, majorities };
}

/**
 * The numbers 0…count − 1 in a random order that depends only on the seed (Fisher–Yates with a 32-bit xorshift).
 * @param {number} count @param {number} seed
 */
function shuffled(count, seed) {
    const order = new Uint32Array(count);
    for (let index = 0; index < count; index += 1) order[index] = index;
    let state = (seed ^ 0x9e3779b9) | 1;
    for (let last = count - 1; last > 0; last -= 1) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        const other = (state >>> 0) % (last + 1);
        const kept = order[last];
        order[last] = order[other];
        order[other] = kept;
    }
    return order;
}
