// @ts-check
// The colourings: those given by Swift, and by prediction, class, entropy and column.

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./data.js").Column} Column */

/**
 * The legend of a colouring: a scale with its ends and colour stops, or names with their colours; null if the colours are
 * those of the classes.
 * @typedef {{low: number, high: number, stops: string[]} | {names: string[], colours: string[], ellipseShares?: number[]} | null}
 *   ColourLegend
 */

/**
 * A way to colour the points.
 * @typedef {object} Colouring
 * @property {string} name
 * @property {(panel: number, isDark: boolean) => Uint8Array} colours RGB bytes, N × 3; cached, so not to be modified.
 * @property {(isDark: boolean) => ColourLegend} legend
 * @property {boolean} isThemed Whether the colours differ between light and dark.
 */

/** The colour of samples without a value. */
const missing = [150, 150, 150];

/**
 * All colourings of the page; the first is the default.
 * @param {ExplorerData} data
 * @returns {Colouring[]}
 */
export function colouringsOf(data) {
    /** @type {Colouring[]} */
    const list = data.colourings.map(({ name, colours }) => {
        return { name, colours: () => colours, legend: () => null, isThemed: false };
    });
    if (data.panels.some(({ predictedColours }) => predictedColours)) {
        list.push({
            name: "prediction", isThemed: false, legend: () => null,
            colours: (panel) => data.panels[panel].predictedColours ?? data.colourings[0].colours,
        });
    }
    if (data.classes.length > 1) {
        const classes = { names: data.classes.map((_, index) => data.className(index)),
            colours: data.classes.map(({ colour }) => colour),
            shares: data.classes.map(({ ellipseShare }) => ellipseShare ?? 0) };
        list.push(byCategory("majority class", data.majorities, classes.names, classes.colours, classes.shares));
        list.push(byNumber("entropy of the label", data.entropies, data));
    }
    for (const column of data.columns) {
        if (column.categories) {
            list.push(byCategory(column.name, column.values, column.categories, column.categoryColours ?? []));
        } else {
            list.push(byNumber(column.name, column.values, data));
        }
    }
    return list;
}

/**
 * @param {string} name @param {ArrayLike<number>} places @param {string[]} names @param {string[]} colours
 * @param {number[]} [ellipseShares] of the glyphs in the legend
 * @returns {Colouring}
 */
function byCategory(name, places, names, colours, ellipseShares) {
    /** @type {Uint8Array | null} */
    let made = null;
    const make = () => {
        const parts = colours.map(partsOf);
        const bytes = new Uint8Array(3 * places.length);
        for (let sample = 0; sample < places.length; sample += 1) {
            bytes.set(parts[places[sample]] ?? missing, 3 * sample);
        }
        return bytes;
    };
    return { name, colours: () => (made ??= make()), legend: () => ({ names, colours, ellipseShares }), isThemed: false };
}

/** @param {string} name @param {Float32Array} values @param {ExplorerData} data @returns {Colouring} */
function byNumber(name, values, data) {
    const { least, most } = extent(values);
    /** @type {(Uint8Array | null)[]} */
    const made = [null, null];
    const make = (/** @type {string[]} */ stops) => {
        const table = ramp(stops);
        const bytes = new Uint8Array(3 * values.length);
        const scale = most > least ? 255 / (most - least) : 0;
        for (let sample = 0; sample < values.length; sample += 1) {
            const value = values[sample];
            if (!Number.isFinite(value)) bytes.set(missing, 3 * sample);
            else {
                const at = 3 * Math.round((value - least) * scale);
                bytes[3 * sample] = table[at];
                bytes[3 * sample + 1] = table[at + 1];
                bytes[3 * sample + 2] = table[at + 2];
            }
        }
        return bytes;
    };
    const theme = (/** @type {boolean} */ isDark) => (isDark ? 1 : 0);
    return {
        name, isThemed: true,
        colours: (_, isDark) => (made[theme(isDark)] ??= make(data.colourMaps[theme(isDark)])),
        legend: (isDark) => ({ low: least, high: most, stops: data.colourMaps[theme(isDark)] }),
    };
}

/** 256 RGB colours, interpolated linearly between the stops. @param {string[]} stops */
function ramp(stops) {
    const parts = stops.map(partsOf);
    const table = new Uint8Array(768);
    for (let index = 0; index < 256; index += 1) {
        const place = (index / 255) * (parts.length - 1);
        const from = Math.min(Math.floor(place), parts.length - 2);
        for (let part = 0; part < 3; part += 1) {
            const [a, b] = [parts[from][part], parts[from + 1][part]];
            table[3 * index + part] = Math.round(a + (b - a) * (place - from));
        }
    }
    return table;
}

/** Red, green and blue, 0…255, of a colour such as "#d55e00". @param {string} colour */
function partsOf(colour) {
    return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** The least and the greatest finite value; both 0 if there is none. @param {Float32Array} values */
export function extent(values) {
    let [least, most] = [Infinity, -Infinity];
    for (let index = 0; index < values.length; index += 1) {
        const value = values[index];
        if (value < least && value > -Infinity) least = value;
        if (value > most && value < Infinity) most = value;
    }
    return least <= most ? { least, most } : { least: 0, most: 0 };
}
