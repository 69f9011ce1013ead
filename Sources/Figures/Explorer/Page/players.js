// @ts-check
// The two sliders below the maps: the first map turning into another, and the film of how the maps came to be.

import { choice, fillChoice, part } from "./filters.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Moves a number from 0 to 1 with time. */
class Player {
    /**
     * @param {HTMLElement} button
     * @param {number} seconds
     * @param {() => number} place
     * @param {(place: number) => void} move
     * @param {boolean} isSwinging Goes back after it has arrived; else it begins again.
     */
    constructor(button, seconds, place, move, isSwinging) {
        this.button = button;
        this.seconds = seconds;
        this.place = place;
        this.move = move;
        this.isSwinging = isSwinging;
        this.direction = 1;
        this.isPlaying = false;
        this.label = button.getAttribute("aria-label") ?? "";
        button.addEventListener("click", () => this.toggle());
    }

    toggle() {
        if (this.isPlaying) this.stop();
        else this.#start();
    }

    stop() {
        this.isPlaying = false;
        this.#mark();
    }

    #start() {
        this.isPlaying = true;
        this.#mark();
        if (this.place() >= 1 && !this.isSwinging) this.move(0);
        this.direction = this.place() >= 1 ? -1 : 1;
        // A frame's time may lie before the click that asked for it: the clock starts at the first frame.
        /** @type {number | null} */
        let before = null;
        const step = (/** @type {number} */ now) => {
            if (!this.isPlaying) return;
            const place = this.place() + (this.direction * (now - (before ?? now))) / (1000 * this.seconds);
            before = now;
            this.move(Math.min(Math.max(place, 0), 1));
            if (this.direction > 0 ? place >= 1 : place <= 0) this.stop();
            else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    }

    #mark() {
        this.button.textContent = this.isPlaying ? "❚❚" : "▶";
        this.button.setAttribute("aria-label", this.isPlaying ? "Pause" : this.label);
    }
}

/** The slider that turns the first map into another. */
export class MorphControl {
    /** @param {ExplorerState} state */
    constructor(state) {
        const { panels } = state.data;
        this.isThere = panels.length > 1;
        part("morph").hidden = !this.isThere;
        const slider = /** @type {HTMLInputElement} */ (part("morph-slider"));
        this.player = new Player(
            part("morph-play"), 2.5, () => state.morph, (share) => state.setMorph(share), true);
        slider.addEventListener("input", () => {
            this.player.stop();
            state.setMorph(Number(slider.value));
        });
        const select = choice("morph-target");
        fillChoice(select, panels.slice(1).map(({ name }) => name));
        select.hidden = panels.length < 3;
        select.addEventListener("change", () => {
            state.morphTarget = Number(select.value) + 1;
            state.tell("places");
        });
        const update = () => {
            slider.value = String(state.morph);
            part("morph-from").textContent = panels[0]?.name ?? "";
            part("morph-to").textContent = panels[state.morphTarget]?.name ?? "";
            const percents = Math.round(100 * state.morph);
            slider.setAttribute("aria-valuetext", `${percents} % of the way to ${panels[state.morphTarget]?.name}`);
        };
        part("morph-to").hidden = panels.length > 2;
        state.on(["places"], update);
        update();
    }
}

/** The slider that goes through the frames of the maps. */
export class FilmControl {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.isThere = state.hasFilm;
        part("film").hidden = !this.isThere;
        const slider = /** @type {HTMLInputElement} */ (part("film-slider"));
        this.player = new Player(part("film-play"), 8, () => state.time, (time) => state.setTime(time), false);
        slider.addEventListener("input", () => {
            this.player.stop();
            state.setTime(Number(slider.value));
        });
        const frames = state.data.panels.find((panel) => panel.frames.length > 0)?.frames ?? [];
        const update = () => {
            slider.value = String(state.time);
            const label = frames[Math.round(state.time * (frames.length - 1))]?.label ?? "";
            part("film-label").textContent = label;
            slider.setAttribute("aria-valuetext", label);
        };
        state.on(["places"], update);
        update();
    }
}
