// @ts-check
// The card of one sample: its image, id, annotators' votes and the predictions of each network.

import { element, shown } from "./elements.js";
import { explained } from "./explain.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./data.js").Column} Column */

/** Maximum number of classes listed: those with the largest shares. */
const mostRows = 10;

/**
 * Formats a sample's value in a column for display; a dash if it has none.
 * @param {Column} column @param {number} sample
 */
export function shownValue({ values, categories }, sample) {
    return categories ? categories[values[sample]] ?? "–" : shown(values[sample]);
}

/**
 * Formats a share (0…1) as a whole percentage without "%", or as "<1" or ">99" near the ends.
 * @param {number} share
 */
function percent(share) {
    if (share > 0 && share < 0.005) return "<1";
    if (share < 1 && share >= 0.995) return ">99";
    return String(Math.round(100 * share));
}

/**
 * A canvas of `side` CSS pixels with the sample's image, painted once loaded, or its glyph if it has no image.
 * @param {ExplorerData} data @param {number} sample @param {number} side
 */
export function picture(data, sample, side) {
    const canvas = element("canvas", "picture");
    canvas.width = canvas.height = Math.round(side * Math.min(devicePixelRatio, 2));
    canvas.style.width = canvas.style.height = `${side}px`;
    const { thumbnails } = data;
    if (thumbnails && thumbnails.isThere[sample] === 1) {
        const { sheet, columns } = thumbnails;
        const paint = () => {
            // Crop the outermost pixels: WebP stores colour at lower resolution, so neighbouring images bleed into them.
            const [left, top] = [(sample % columns) * thumbnails.side, Math.floor(sample / columns) * thumbnails.side];
            const inset = thumbnails.side > 2 ? 1 : 0;
            const extent = thumbnails.side - 2 * inset;
            const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
            context.imageSmoothingQuality = "high";
            context.drawImage(sheet, left + inset, top + inset, extent, extent, 0, 0, canvas.width, canvas.height);
        };
        if (sheet.complete) paint();
        else sheet.addEventListener("load", paint, { once: true });
    } else {
        drawGlyph(canvas, data, sample);
    }
    return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {ExplorerData} data @param {number} sample */
function drawGlyph(canvas, data, sample) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { colours } = data.colourings[0];
    const root = Math.sqrt(1 + (data.ellipseShares ? data.ellipseShares[sample] : 0));
    const [middle, radius] = [canvas.width / 2, canvas.width * 0.26];
    context.fillStyle = `rgb(${colours[3 * sample]},${colours[3 * sample + 1]},${colours[3 * sample + 2]})`;
    context.beginPath();
    context.ellipse(middle, middle, radius * root, radius / root, 0, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = "rgb(128 128 128 / 60%)";
    context.lineWidth = Math.max(1, canvas.width / 48);
    context.stroke();
}

/** A card in a given element. Each call of `show` replaces its content. */
export class SampleCard {
    /**
     * @param {HTMLElement} root @param {ExplorerData} data @param {number} side Of the image, in CSS pixels.
     * @param {boolean} isRead Whether pointer and focus can reach the text; if so, terms show their meanings.
     */
    constructor(root, data, side, isRead) {
        this.isRead = isRead;
        this.root = root;
        this.data = data;
        this.side = side;
    }

    /** @param {number} sample */
    show(sample) {
        const { data } = this;
        const head = element("div", "card-head");
        const words = element("div", "card-words");
        const id = element("bdi", "card-id", data.id(sample));
        id.title = data.id(sample);
        words.append(id);
        const annotators = data.annotators?.[sample] ?? 0;
        if (data.classes.length > 1 || annotators > 0) {
            const facts = [];
            if (annotators > 0) facts.push(`${annotators} ${annotators === 1 ? "annotation" : "annotations"}`);
            if (data.classes.length > 1) facts.push(`entropy ${shown(data.entropies[sample])}`);
            const line = element("span", "quiet");
            line.append(this.#words(facts.join(" · ")));
            words.append(line);
        }
        for (const column of data.columns) {
            // If `isRead`, CSS aligns the values in a column.
            const line = element("span", this.isRead ? "quiet fact" : "quiet");
            const name = element("bdi");
            name.append(this.#words(column.name));
            // The space separates name and value when the line is copied.
            line.append(name, " ", element("bdi", "", shownValue(column, sample)));
            words.append(line);
        }
        head.append(picture(data, sample, this.side), words);
        this.root.replaceChildren(head, this.#bars(sample));
        this.root.hidden = false;
    }

    /** @param {string} text */
    #words(text) { return this.isRead ? explained(text) : text; }

    /**
     * A table of shares: one row per class, one column for the label and for each prediction.
     * @param {number} sample
     */
    #bars(sample) {
        const { data } = this;
        const label = (data.annotators?.[sample] ?? 0) > 0 ? "shares of votes" : "label";
        const columns = [{ name: label, shares: data.distribution(sample) }];
        for (const { name, predictions } of data.panels) {
            if (predictions) columns.push({ name, shares: data.distribution(sample, predictions) });
        }
        this.root.style.setProperty("--columns", String(columns.length));
        const table = element("table", columns.length > 1 ? "bars wide" : "bars");
        const header = element("tr");
        header.append(element("th"));
        for (const { name } of columns) {
            const cell = element("th");
            cell.append(element("bdi", "", name));
            cell.title = name;
            header.append(cell);
        }
        table.append(header);
        const greatest = data.classes.map((_, index) => Math.max(...columns.map(({ shares }) => shares[index])));
        const ranked = greatest.map((_, index) => index).sort((a, b) => greatest[b] - greatest[a] || a - b);
        const rows = ranked.slice(0, mostRows).sort((a, b) => a - b);
        for (const index of rows) {
            const row = element("tr");
            const heading = element("th");
            heading.append(element("bdi", "", data.className(index)));
            heading.title = data.className(index);
            row.append(heading, ...columns.map(({ shares }) => bar(shares[index], data.classes[index].colour)));
            table.append(row);
        }
        if (ranked.length > rows.length) {
            const row = element("tr");
            const cell = element("td", "quiet", `and ${ranked.length - rows.length} classes with smaller shares`);
            cell.colSpan = columns.length + 1;
            row.append(cell);
            table.append(row);
        }
        return table;
    }
}

/** @param {number} share @param {string} colour */
function bar(share, colour) {
    const cell = element("td");
    const track = element("span", "track");
    const fill = element("span", "fill");
    fill.style.width = `${100 * Math.min(Math.max(share, 0), 1)}%`;
    fill.style.backgroundColor = colour;
    track.append(fill);
    cell.append(track, element("span", "number", percent(share)));
    return cell;
}
