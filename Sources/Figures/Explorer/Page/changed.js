// @ts-check
// The strip of samples that changed most.

import { picture } from "./card.js";
import { element, shown } from "./elements.js";
import { explained } from "./explain.js";
import { choice, fillChoice, part } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Maximum number of samples in the strip. */
const mostChanged = 60;

/**
 * The `count` samples with the greatest values among those with 1 in `lit`, greatest first; ties by index. Skips NaN.
 * @param {Float32Array} values @param {Uint8Array} lit @param {number} count
 */
function greatest(values, lit, count) {
    /** @type {number[]} */
    let best = [];
    let least = -Infinity;
    const order = (/** @type {number} */ a, /** @type {number} */ b) => values[b] - values[a] || a - b;
    for (let sample = 0; sample < values.length; sample += 1) {
        // Also skips NaN.
        if (lit[sample] === 0 || !(values[sample] >= least)) continue;
        best.push(sample);
        if (best.length < 8 * count) continue;
        best = best.sort(order).slice(0, count);
        least = values[best[count - 1]];
    }
    return best.sort(order).slice(0, count);
}

/** A strip of images of the samples that changed most, without those filtered out. */
export class ChangedList {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.state = state;
        this.columns = state.data.columns.filter((column) => column.isChange);
        /** @type {number[]} */
        this.samples = [];
        this.column = 0;
        if (this.columns.length === 0) {
            part("changed").hidden = true;
            return;
        }
        const select = choice("changed-by");
        fillChoice(select, this.columns.map(({ name }) => `by ${name}`));
        select.hidden = this.columns.length < 2;
        if (this.columns.length === 1) part("changed-note").append(explained(`by ${this.columns[0].name}`));
        select.addEventListener("change", () => this.setColumn(Number(select.value)));
        state.on(["lit"], () => this.#fillSoon());
        state.on(["pin"], () => this.#mark());
        part("strip").addEventListener("keydown", (event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            this.step(step);
        });
        this.#fill();
    }

    /** @param {number} column */
    setColumn(column) {
        this.column = column;
        choice("changed-by").value = String(column);
        this.#fill();
    }

    /** Rebuilding many images is slow: waits until 80 ms after the last filter change. */
    #fillSoon() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#fill(), 80);
    }

    #fill() {
        const { data, lit } = this.state;
        const { values } = this.columns[this.column];
        this.samples = greatest(values, lit, mostChanged);
        part("strip").replaceChildren(...this.samples.map((sample) => {
            const item = element("div", "changed");
            item.id = `changed-${sample}`;
            item.setAttribute("role", "option");
            const id = element("bdi", "card-id", data.id(sample));
            id.title = data.id(sample);
            item.append(picture(data, sample, 64), id, element("span", "number", shown(values[sample])));
            item.addEventListener("click", () => this.state.pin(sample));
            item.addEventListener("pointerenter", () => this.state.hover(sample, -1));
            item.addEventListener("pointerleave", () => this.state.hover(-1, -1));
            return item;
        }));
        if (this.samples.length === 0) part("strip").append(element("p", "quiet", "No sample is shown."));
        this.#mark();
    }

    #mark() {
        const strip = part("strip");
        for (const marked of strip.querySelectorAll('[aria-selected="true"]')) {
            marked.setAttribute("aria-selected", "false");
        }
        const item = document.getElementById(`changed-${this.state.pinned}`);
        item?.setAttribute("aria-selected", "true");
        if (item) {
            // Scroll only the strip: if the page jumped, the reader would lose the point that was tapped.
            const [left, right] = [item.offsetLeft - strip.offsetLeft, item.offsetLeft - strip.offsetLeft + item.offsetWidth];
            if (left < strip.scrollLeft) strip.scrollLeft = left - 8;
            else if (right > strip.scrollLeft + strip.clientWidth) strip.scrollLeft = right - strip.clientWidth + 8;
        }
        if (item) strip.setAttribute("aria-activedescendant", item.id);
        else strip.removeAttribute("aria-activedescendant");
    }

    /**
     * Pins the next (1) or previous (−1) sample in the strip. Stops at its ends.
     * @param {number} direction
     */
    step(direction) {
        if (this.samples.length === 0) return;
        const at = this.samples.indexOf(this.state.pinned);
        const next = at < 0 ? (direction > 0 ? 0 : this.samples.length - 1) : at + direction;
        this.state.pin(this.samples[Math.min(Math.max(next, 0), this.samples.length - 1)]);
    }
}
