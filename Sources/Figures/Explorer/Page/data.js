// @ts-check
// What the page shows, as Swift wrote it into the document: words as JSON, numbers as base64 of little-endian arrays.

/**
 * @typedef {{array: number, type: "float32" | "uint32" | "uint16" | "uint8"}} ArrayReference
 * @typedef {{name: string, colour: string, ellipseShare: number | null}} ClassOfSamples
 * @typedef {{name: string, colours: Uint8Array}} Colouring  N × 3 bytes: red, green, blue of each sample.
 * @typedef {{name: string, isChange: boolean, values: Float32Array}} Column  NaN where a sample has no value.
 * @typedef {{side: number, columns: number, sheet: HTMLImageElement, isThere: Uint8Array}} Thumbnails
 */

/**
 * A map: the places of all samples, NaN where one has none.
 * @typedef {object} MapOfSamples
 * @property {string} name
 * @property {string} caption
 * @property {Float32Array} coordinates  N × 2, as they came; for tables.
 * @property {Places} places  The same to be drawn.
 * @property {Float32Array | null} predictions  N × K.
 * @property {Uint8Array | null} predictedColours  N × 3.
 * @property {{label: string, places: Places}[]} frames  In order of time, the last one the map itself; or none.
 * @property {number} missing  How many samples have no place.
 */

/**
 * Places scaled to the square −1…1, which the longer side of their bounding box fills, with y upwards.
 * @typedef {{xy: Float32Array, halfWidth: number, halfHeight: number}} Places
 */

/** Everything the page shows. Samples are numbered from 0 and have the same number in every array. */
export class ExplorerData {
    /** @param {Document} page */
    constructor(page) {
        const words = JSON.parse(page.getElementById("explorer-data")?.textContent ?? "");
        /** @param {ArrayReference | null} reference @returns {any} */
        const array = (reference) => reference && decodedArray(page, reference);
        /** @type {string} */
        this.title = words.title;
        /** @type {ClassOfSamples[]} */
        this.classes = words.classes;
        /** @type {string[]} */
        this.ids = words.ids;
        this.count = this.ids.length;
        /** @type {Float32Array} N × K, rows sum to 1. */
        this.distributions = array(words.distributions);
        /** @type {Uint32Array | null} 0 where unknown. */
        this.annotators = array(words.annotators);
        /** @type {Float32Array | null} Each 0 (circle) to 1 (ellipse twice as long as high). */
        this.ellipseShares = array(words.ellipseShares);
        /** @type {Uint32Array} The order in which points are drawn, shuffled so that no class lies above another. */
        this.order = array(words.order);
        /** @type {Colouring[]} At least one. */
        this.colourings = words.colourings.map((/** @type {any} */ colouring) => {
            return { name: colouring.name, colours: array(colouring.colours) };
        });
        /** @type {Column[]} */
        this.columns = words.columns.map((/** @type {any} */ column) => {
            return { name: column.name, isChange: column.isChange, values: array(column.values) };
        });
        /** @type {MapOfSamples[]} */
        this.panels = words.panels.map((/** @type {any} */ panel) => readPanel(panel, this.count, array));
        /** @type {Thumbnails | null} */
        this.thumbnails = words.thumbnails && readThumbnails(words.thumbnails, array);
        /** @type {string[]} */
        this.answer = words.answer;
        /** @type {string[][]} The first row is the head. */
        this.answerTable = words.answerTable;
        /** @type {string[]} */
        this.notes = words.notes;

        const { entropies, majorities } = summaries(this.distributions, this.count, this.classes.length);
        /** In nats. */
        this.entropies = entropies;
        /** The most likely class of each sample; the first of equal ones. */
        this.majorities = majorities;
    }

    /** @param {number} sample @param {Float32Array} [shares] Another matrix than the labels', N × K. */
    distribution(sample, shares = this.distributions) {
        return shares.subarray(sample * this.classes.length, (sample + 1) * this.classes.length);
    }
}

/**
 * @param {any} panel
 * @param {number} count
 * @param {(reference: ArrayReference | null) => any} array
 * @returns {MapOfSamples}
 */
function readPanel(panel, count, array) {
    const coordinates = array(panel.coordinates);
    const places = fittedPlaces(coordinates);
    /** @type {Uint16Array | null} */
    const steps = array(panel.framePlaces);
    const frames = panel.frameLabels.map((/** @type {string} */ label, /** @type {number} */ frame) => {
        const own = /** @type {Uint16Array} */ (steps).subarray(2 * count * frame, 2 * count * (frame + 1));
        return { label, places: fittedPlaces(Float32Array.from(own, (step) => (step === 65535 ? NaN : step))) };
    });
    if (frames.length > 0) frames.push({ label: "final", places });
    let missing = 0;
    for (let sample = 0; sample < count; sample += 1) if (Number.isNaN(places.xy[2 * sample])) missing += 1;
    return {
        name: panel.name, caption: panel.caption, coordinates, places, frames, missing,
        predictions: array(panel.predictions), predictedColours: array(panel.predictedColours),
    };
}

/** @param {Float32Array} coordinates N × 2 @returns {Places} */
export function fittedPlaces(coordinates) {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let index = 0; index < coordinates.length; index += 2) {
        const [x, y] = [coordinates[index], coordinates[index + 1]];
        if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        bottom = Math.min(bottom, y);
        top = Math.max(top, y);
    }
    const half = Math.max(right - left, top - bottom) / 2;
    const scale = half > 0 && Number.isFinite(half) ? 1 / half : 1;
    const xy = new Float32Array(coordinates.length);
    for (let index = 0; index < coordinates.length; index += 2) {
        const [x, y] = [coordinates[index], coordinates[index + 1]];
        const isPlace = Number.isFinite(x) && Number.isFinite(y);
        xy[index] = isPlace ? (x - (left + right) / 2) * scale : NaN;
        xy[index + 1] = isPlace ? (y - (bottom + top) / 2) * scale : NaN;
    }
    return half > 0 && Number.isFinite(half)
        ? { xy, halfWidth: ((right - left) / 2) * scale, halfHeight: ((top - bottom) / 2) * scale }
        : { xy, halfWidth: 1, halfHeight: 1 };
}

/** @param {any} thumbnails @param {(reference: ArrayReference | null) => any} array @returns {Thumbnails} */
function readThumbnails(thumbnails, array) {
    const sheet = new Image();
    sheet.src = URL.createObjectURL(new Blob([array(thumbnails.sheet)], { type: "image/webp" }));
    return { side: thumbnails.side, columns: thumbnails.columns, sheet, isThere: array(thumbnails.isThere) };
}

/** @param {Float32Array} distributions @param {number} count @param {number} classes */
function summaries(distributions, count, classes) {
    const entropies = new Float32Array(count);
    const majorities = new Uint16Array(count);
    for (let sample = 0; sample < count; sample += 1) {
        let [entropy, best] = [0, 0];
        const start = sample * classes;
        for (let index = 0; index < classes; index += 1) {
            const share = distributions[start + index];
            if (share > 0) entropy -= share * Math.log(share);
            if (share > distributions[start + best]) best = index;
        }
        entropies[sample] = Math.max(0, entropy);
        majorities[sample] = best;
    }
    return { entropies, majorities };
}

/** @param {Document} page @param {ArrayReference} reference */
function decodedArray(page, reference) {
    const text = atob(page.getElementById(`array-${reference.array}`)?.textContent ?? "");
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
    switch (reference.type) {
        case "float32": return new Float32Array(bytes.buffer);
        case "uint32": return new Uint32Array(bytes.buffer);
        case "uint16": return new Uint16Array(bytes.buffer);
        case "uint8": return bytes;
    }
}
