// @ts-check
// Numeric filters: histograms with two handles.

import { element, shown, shownEnds } from "./elements.js";
import { explained } from "./explain.js";
import { part } from "./parts.js";
import { isWhole } from "./state.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {import("./state.js").RangeFilter} RangeFilter */

/** With more histograms than this, the section is collapsed at first. */
const mostOpen = 5;

/**
 * Sets up a histogram with two handles for each range filter.
 * @param {ExplorerState} state
 */
export function showRanges(state) {
    const folder = /** @type {HTMLDetailsElement} */ (part("ranges-folder"));
    folder.hidden = state.ranges.length === 0;
    folder.open = state.ranges.length <= mostOpen && state.data.panels.length <= 2 && innerWidth > 640;
    state.on(["lit"], () => {
        const active = state.ranges.filter((range) => !isWhole(range)).length;
        part("ranges-active").textContent = active > 0 ? `${active} active` : "";
    });
    part("ranges").replaceChildren(...state.ranges.map((range) => {
        const group = element("div", "range");
        const heading = element("div", "row");
        const name = element("bdi", "range-name");
        name.append(explained(range.name));
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
            text.textContent = (isWhole(range) ? shownEnds(range.least, range.most) : shownEnds(range.low, range.high))
                .join(" – ");
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
 * The relative position of a value in a range, 0…1.
 * @param {RangeFilter} range @param {number} of
 */
function share(range, of) {
    return (of - range.least) / (range.most - range.least);
}

/**
 * The value at a relative position 0…1 in a range, exact at both ends.
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
    input.setAttribute("aria-label", `${end === "least" ? "Minimum" : "Maximum"} ${range.name}`);
    return input;
}

/**
 * The number of samples in each of 48 equal bins of a range. Ignores NaN.
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
    // Bar heights follow square roots: if labels are pure, most samples are in the first bar.
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
