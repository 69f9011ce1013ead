// @ts-check
// The side of the page: classes as legend and filter, ranges of numbers over their histograms, and the selection.

import { element, shown } from "./card.js";
import { csv, save } from "./csv.js";
import { isWhole } from "./state.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {import("./state.js").RangeFilter} RangeFilter */

/**
 * The element with an id that the page surely has.
 * @param {string} id @returns {HTMLElement}
 */
export function part(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * A select of the page.
 * @param {string} id
 */
export function choice(id) {
    return /** @type {HTMLSelectElement} */ (part(id));
}

/**
 * Fills a select with names.
 * @param {HTMLSelectElement} select @param {string[]} names
 */
export function fillChoice(select, names) {
    select.replaceChildren(...names.map((name, index) => new Option(name, String(index))));
}

/**
 * The colour of a class as a small picture of its glyph.
 * @param {string} colour @param {number} ellipseShare
 */
function swatch(colour, ellipseShare) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "-10 -10 20 20");
    svg.setAttribute("class", "swatch");
    const glyph = document.createElementNS("http://www.w3.org/2000/svg", "ellipse");
    const root = Math.sqrt(1 + ellipseShare);
    glyph.setAttribute("rx", String(6.5 * root));
    glyph.setAttribute("ry", String(6.5 / root));
    glyph.setAttribute("fill", colour);
    svg.append(glyph);
    return svg;
}

/**
 * Classes: what their colours are, how many samples they have, and which of them are shown.
 * @param {ExplorerState} state
 */
export function showClasses(state) {
    const { data } = state;
    const counts = new Uint32Array(data.classes.length);
    for (const majority of data.majorities) counts[majority] += 1;
    const buttons = data.classes.map((one, index) => {
        const button = element("button", "class");
        button.type = "button";
        const name = element("bdi", "", one.name);
        const count = element("span", "number", counts[index].toLocaleString("en"));
        button.append(swatch(one.colour, one.ellipseShare ?? 0), name, count);
        button.title = "Click: show or dim the samples of which this is the most likely class; with Shift: these alone";
        button.addEventListener("click", (event) => {
            const { isClassShown } = state;
            if (event.shiftKey) isClassShown.fill(false);
            isClassShown[index] = event.shiftKey || !isClassShown[index];
            state.refilter();
        });
        return button;
    });
    part("classes").replaceChildren(...buttons);
    part("all-classes").addEventListener("click", () => {
        state.isClassShown.fill(true);
        state.refilter();
    });
    const update = () => {
        buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(state.isClassShown[index])));
        part("all-classes").hidden = !state.isClassShown.includes(false);
    };
    state.on(["lit"], update);
    update();
    part("mixture-note").hidden = data.classes.length < 2;
    if (data.ellipseShares) showShapeScale();
    showColourings(state);
}

/** Glyphs from circle to ellipse. */
function showShapeScale() {
    const scale = part("shape-scale");
    scale.append(element("span", "", "circle"));
    for (const share of [0, 0.25, 0.5, 0.75, 1]) scale.append(swatch("currentColor", share));
    scale.append(element("span", "", "ellipse"));
    scale.setAttribute("role", "img");
    scale.setAttribute("aria-label", "Shapes go from a circle, ellipse share 0, to an ellipse twice as long, share 1");
    scale.hidden = false;
}

/** @param {ExplorerState} state */
function showColourings(state) {
    const names = state.data.colourings.map(({ name }) => name);
    if (state.data.panels.some(({ predictedColours }) => predictedColours)) names.push("prediction");
    const select = choice("colouring");
    fillChoice(select, names.map((name) => `colour: ${name}`));
    select.hidden = names.length < 2;
    select.addEventListener("change", () => {
        state.colouring = Number(select.value);
        state.tell("colour");
    });
}

/**
 * A histogram with two handles for each range.
 * @param {ExplorerState} state
 */
export function showRanges(state) {
    part("ranges").replaceChildren(...state.ranges.map((range) => {
        const group = element("div", "range");
        const heading = element("div", "row");
        const name = element("bdi", "range-name", range.name);
        const text = element("span", "number");
        heading.append(name, text);
        const bars = element("canvas", "histogram");
        const low = handle(range, "least");
        const high = handle(range, "most");
        const handles = element("div", "handles");
        handles.append(low, high);
        group.append(heading, bars, handles);
        const counts = histogram(range);
        const drawn = { low: range.low, high: range.high };
        const update = () => {
            [drawn.low, drawn.high] = [range.low, range.high];
            [low.value, high.value] = [String(share(range, range.low)), String(share(range, range.high))];
            text.textContent = isWhole(range) ? `${shown(range.least)} – ${shown(range.most)}`
                : `${shown(range.low)} – ${shown(range.high)}`;
            low.setAttribute("aria-valuetext", shown(range.low));
            high.setAttribute("aria-valuetext", shown(range.high));
            group.classList.toggle("active", !isWhole(range));
            drawHistogram(bars, counts, share(range, range.low), share(range, range.high));
        };
        low.addEventListener("input", () => {
            range.low = Math.min(value(range, Number(low.value)), range.high);
            state.refilter();
        });
        high.addEventListener("input", () => {
            range.high = Math.max(value(range, Number(high.value)), range.low);
            state.refilter();
        });
        state.on(["lit"], () => {
            if (range.low !== drawn.low || range.high !== drawn.high) update();
        });
        state.on(["theme"], update);
        new ResizeObserver(update).observe(bars);
        return group;
    }));
}

/**
 * The place of a value in a range, 0…1.
 * @param {RangeFilter} range @param {number} of
 */
function share(range, of) {
    return (of - range.least) / (range.most - range.least);
}

/**
 * The value at a place in 0…1, exact at both ends.
 * @param {RangeFilter} range @param {number} at
 */
function value(range, at) {
    return at >= 1 ? range.most : range.least + at * (range.most - range.least);
}

/** @param {RangeFilter} range @param {"least" | "most"} end */
function handle(range, end) {
    const input = element("input");
    input.type = "range";
    [input.min, input.max, input.step] = ["0", "1", "0.005"];
    input.setAttribute("aria-label", `${end === "least" ? "Least" : "Greatest"} ${range.name}`);
    return input;
}

/**
 * How many samples lie in each of 48 parts of a range.
 * @param {RangeFilter} range
 */
function histogram(range) {
    const counts = new Uint32Array(48);
    for (const one of range.values) {
        if (one >= range.least && one <= range.most) counts[Math.min(Math.floor(48 * share(range, one)), 47)] += 1;
    }
    return counts;
}

/** @param {HTMLCanvasElement} canvas @param {Uint32Array} counts @param {number} low @param {number} high */
function drawHistogram(canvas, counts, low, high) {
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth === 0) return;
    canvas.width = Math.round(clientWidth * devicePixelRatio);
    canvas.height = Math.round(clientHeight * devicePixelRatio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const style = getComputedStyle(canvas);
    // Square roots, since a set of pure labels has most of its samples in the first bar.
    const most = Math.sqrt(counts.reduce((a, b) => Math.max(a, b), 1));
    const step = canvas.width / counts.length;
    counts.forEach((count, index) => {
        const middle = (index + 0.5) / counts.length;
        const isIn = middle >= low - 0.5 / counts.length && middle <= high + 0.5 / counts.length;
        context.fillStyle = style.getPropertyValue(isIn ? "--bar" : "--hairline");
        const height = count > 0 ? Math.max((Math.sqrt(count) / most) * canvas.height, devicePixelRatio) : 0;
        context.fillRect(index * step, canvas.height - height, Math.max(step - devicePixelRatio, 1), height);
    });
}

/**
 * How many samples are selected or pass the filters, their mean label, and their way out.
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
            : `All ${all} ${samples}. Shift and drag around points to select.`;
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
}

/**
 * The mean label distribution of the lit samples as one bar.
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
        segment.title = `${one.name}: ${(100 * mean).toFixed(1)} % of the labels`;
        return segment;
    }));
}
