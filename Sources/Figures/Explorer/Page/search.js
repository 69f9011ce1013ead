// @ts-check
// The search field, for ids and for conditions on columns and classes, and its results.

import { picture } from "./card.js";
import { element } from "./elements.js";
import { part } from "./parts.js";
import { answerTo, fieldsOf, suggestions } from "./query.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */
/** @typedef {{run: () => void, content: Node[]}} Option */

/** Maximum number of samples listed below the search field. */
const mostFound = 12;

/** The search field and its results, as an ARIA combobox. */
export class Search {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.state = state;
        this.fields = fieldsOf(state.data);
        this.field = /** @type {HTMLInputElement} */ (part("search"));
        this.list = part("found");
        /** @type {Option[]} */
        this.options = [];
        this.active = -1;
        /** @type {string | null} All ids in lower case, computed on the first search. */
        this.lowercase = null;
        this.field.addEventListener("input", () => this.#search());
        this.field.addEventListener("focus", () => this.#search());
        this.field.addEventListener("blur", () => this.#close());
        this.field.addEventListener("keydown", (event) => this.#key(event));
    }

    #search() {
        const { state, fields } = this;
        const text = this.field.value.trim();
        this.options = [];
        let problem = "";
        if (text !== "") {
            const answer = answerTo(state.data, fields, text);
            if (answer && "problem" in answer) problem = answer.problem;
            if (answer && "isTaken" in answer) {
                const { isTaken, count } = answer;
                const samples = `${count.toLocaleString("en")} ${count === 1 ? "sample" : "samples"}`;
                if (count > 0) {
                    this.options.push({ run: () => state.takeSelection(isTaken),
                        content: [element("strong", "", `Select ${samples}`)] });
                    const first = [];
                    for (let sample = 0; first.length < mostFound - 1 && sample < isTaken.length; sample += 1) {
                        if (isTaken[sample] === 1) first.push(sample);
                    }
                    this.options.push(...first.map((sample) => this.#sampleOption(sample)));
                } else {
                    problem = "No sample matches.";
                }
            } else {
                this.options = suggestions(state.data, fields, text)
                    .filter((one) => one.toLowerCase() !== text.toLowerCase()).map((one) => this.#suggestion(one));
                if (!problem) this.options.push(...this.#withID(text).map((sample) => this.#sampleOption(sample)));
            }
        }
        this.active = this.options.length > 0 ? 0 : -1;
        this.#show(text !== "", problem || "No id contains this.");
    }

    /** @param {number} sample @returns {Option} */
    #sampleOption(sample) {
        const { state } = this;
        return {
            run: () => state.pin(sample),
            content: [picture(state.data, sample, 24), element("bdi", "", state.data.id(sample))],
        };
    }

    /** @param {string} text @returns {Option} */
    #suggestion(text) {
        return {
            run: () => {
                this.field.value = text;
                this.field.focus();
                this.#search();
            },
            content: [element("span", "quiet", "search"), element("bdi", "", text)],
        };
    }

    /**
     * Up to `mostFound` samples whose id contains a text, ignoring case; those whose id starts with it come first.
     * @param {string} text
     */
    #withID(text) {
        const { data } = this.state;
        const wanted = text.toLowerCase();
        const { idText, idStarts } = data;
        // Replace the only letter that lower-casing turns into two code units, so that `idStarts` stays valid.
        this.lowercase ??= idText.replaceAll("\u0130", "i").toLowerCase();
        /** @type {number[]} */
        const starts = [];
        /** @type {number[]} */
        const others = [];
        let sample = 0;
        let at = this.lowercase.indexOf(wanted);
        while (at >= 0 && starts.length < mostFound) {
            while (idStarts[sample + 1] <= at) sample += 1;
            if (at + wanted.length <= idStarts[sample + 1]) {
                if (at === idStarts[sample]) starts.push(sample);
                else if (others.length < mostFound) others.push(sample);
                // Skip further matches in the same id.
                at = this.lowercase.indexOf(wanted, idStarts[sample + 1]);
            } else {
                at = this.lowercase.indexOf(wanted, at + 1);
            }
        }
        return [...starts, ...others].slice(0, mostFound);
    }

    /** @param {boolean} isOpen @param {string} nothing Text to show if nothing is found. */
    #show(isOpen, nothing) {
        this.list.replaceChildren(...this.options.map(({ content }, index) => {
            const item = element("li");
            item.id = `found-${index}`;
            item.setAttribute("role", "option");
            item.setAttribute("aria-selected", String(index === this.active));
            item.append(...content);
            item.addEventListener("pointerdown", (event) => {
                event.preventDefault();
                this.#take(index);
            });
            return item;
        }));
        if (isOpen && this.options.length === 0) this.list.append(element("li", "quiet", nothing));
        this.list.hidden = !isOpen;
        this.field.setAttribute("aria-expanded", String(isOpen));
        this.#markActive();
    }

    #markActive() {
        [...this.list.children].forEach((item, index) => {
            if (item.id) item.setAttribute("aria-selected", String(index === this.active));
        });
        if (this.active >= 0) this.field.setAttribute("aria-activedescendant", `found-${this.active}`);
        else this.field.removeAttribute("aria-activedescendant");
    }

    #close() {
        this.options = [];
        this.active = -1;
        this.#show(false, "");
    }

    /** @param {number} index */
    #take(index) {
        const option = this.options[index];
        if (!option) return;
        this.field.blur();
        option.run();
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step !== undefined && this.options.length > 0) {
            this.active = (this.active + step + this.options.length) % this.options.length;
            this.#markActive();
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
