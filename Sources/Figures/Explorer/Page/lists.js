// @ts-check
// Samples one beside another: what changed most, and what a search finds.

import { element, picture, shown } from "./card.js";
import { choice, fillChoice, part } from "./filters.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */
/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** So many samples stand in the list of what changed most. */
const mostChanged = 60;

/** So many samples stand below the search. */
const mostFound = 12;

/** The lit samples that changed most, as a strip of pictures. */
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
        if (this.columns.length === 1) part("changed-note").textContent = `by ${this.columns[0].name}`;
        select.addEventListener("change", () => {
            this.column = Number(select.value);
            this.#fill();
        });
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

    /** Pictures are many: while a filter moves, they wait until it rests. */
    #fillSoon() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#fill(), 80);
    }

    #fill() {
        const { data, lit } = this.state;
        const { values } = this.columns[this.column];
        /** @type {number[]} */
        const samples = [];
        for (let sample = 0; sample < data.count; sample += 1) {
            if (lit[sample] === 1 && !Number.isNaN(values[sample])) samples.push(sample);
        }
        samples.sort((a, b) => values[b] - values[a] || a - b);
        this.samples = samples.slice(0, mostChanged);
        part("strip").replaceChildren(...this.samples.map((sample) => {
            const item = element("div", "changed");
            item.id = `changed-${sample}`;
            item.setAttribute("role", "option");
            const id = element("bdi", "card-id", data.ids[sample]);
            id.title = data.ids[sample];
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
        item?.scrollIntoView({ block: "nearest", inline: "nearest" });
        if (item) strip.setAttribute("aria-activedescendant", item.id);
        else strip.removeAttribute("aria-activedescendant");
    }

    /**
     * Pins the next (1) or the last (−1) sample of the list.
     * @param {number} direction
     */
    step(direction) {
        if (this.samples.length === 0) return;
        const at = this.samples.indexOf(this.state.pinned);
        const next = at < 0 ? (direction > 0 ? 0 : this.samples.length - 1) : at + direction;
        this.state.pin(this.samples[Math.min(Math.max(next, 0), this.samples.length - 1)]);
    }
}

/** The field in which ids are searched, and what it finds. */
export class Search {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.state = state;
        this.field = /** @type {HTMLInputElement} */ (part("search"));
        this.list = part("found");
        /** @type {number[]} */
        this.found = [];
        this.active = -1;
        /** @type {string[] | null} The ids in small letters, made when the reader first searches. */
        this.lowercase = null;
        this.field.addEventListener("input", () => this.#search());
        this.field.addEventListener("focus", () => this.#search());
        this.field.addEventListener("blur", () => this.#close());
        this.field.addEventListener("keydown", (event) => this.#key(event));
    }

    #search() {
        const text = this.field.value.trim().toLowerCase();
        this.lowercase ??= this.state.data.ids.map((id) => id.toLowerCase());
        this.found = [];
        if (text !== "") {
            const starts = [];
            const others = [];
            for (let sample = 0; sample < this.lowercase.length && starts.length < mostFound; sample += 1) {
                const at = this.lowercase[sample].indexOf(text);
                if (at === 0) starts.push(sample);
                else if (at > 0 && others.length < mostFound) others.push(sample);
            }
            this.found = [...starts, ...others].slice(0, mostFound);
        }
        this.active = this.found.length > 0 ? 0 : -1;
        this.#show(text !== "");
    }

    /** @param {boolean} isOpen */
    #show(isOpen) {
        this.list.replaceChildren(...this.found.map((sample, index) => {
            const item = element("li");
            item.id = `found-${index}`;
            item.setAttribute("role", "option");
            item.setAttribute("aria-selected", String(index === this.active));
            item.append(picture(this.state.data, sample, 24), element("bdi", "", this.state.data.ids[sample]));
            item.addEventListener("pointerdown", (event) => {
                event.preventDefault();
                this.#take(index);
            });
            return item;
        }));
        if (isOpen && this.found.length === 0) this.list.append(element("li", "quiet", "No id contains this."));
        this.list.hidden = !isOpen;
        this.field.setAttribute("aria-expanded", String(isOpen));
        if (this.active >= 0) this.field.setAttribute("aria-activedescendant", `found-${this.active}`);
        else this.field.removeAttribute("aria-activedescendant");
    }

    #close() {
        this.found = [];
        this.active = -1;
        this.#show(false);
    }

    /** @param {number} index */
    #take(index) {
        const sample = this.found[index];
        if (sample === undefined) return;
        this.field.blur();
        this.state.pin(sample);
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step !== undefined && this.found.length > 0) {
            this.active = (this.active + step + this.found.length) % this.found.length;
            this.#show(true);
        } else if (event.key === "Enter") {
            this.#take(this.active);
        } else if (event.key === "Escape") {
            this.field.value = "";
            this.field.blur();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }
}
