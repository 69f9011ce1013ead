// @ts-check
// The two sliders below the maps: the morph from one map to another, and the film of how the maps developed.

import { choice, fillChoice, part } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Matches if the reader prefers reduced motion; playback then moves in steps. */
const wantsStillness = matchMedia("(prefers-reduced-motion: reduce)");

/** Animates a number between 0 and 1. */
class Player {
    /**
     * @param {HTMLElement} button
     * @param {number} seconds Duration of the whole way.
     * @param {() => number} place Returns the number.
     * @param {(place: number) => void} move Sets the number.
     * @param {boolean} isSwinging At 1, the next playback runs back to 0; otherwise it restarts from 0.
     * @param {number} steps Number of steps if motion is reduced.
     */
    constructor(button, seconds, place, move, isSwinging, steps) {
        this.steps = Math.max(steps, 1);
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
        if (wantsStillness.matches) {
            this.#step();
            return;
        }
        // A frame's timestamp may precede the click that requested it, so the clock starts at the first frame.
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

    /** Advances one step per second and stops at the end. */
    #step() {
        if (!this.isPlaying) return;
        const place = Math.round(this.place() * this.steps) / this.steps + this.direction / this.steps;
        this.move(Math.min(Math.max(place, 0), 1));
        if (this.direction > 0 ? place >= 1 : place <= 0) this.stop();
        else setTimeout(() => this.#step(), 1000);
    }

    #mark() {
        this.button.textContent = this.isPlaying ? "❚❚" : "▶";
        this.button.setAttribute("aria-label", this.isPlaying ? "Pause" : this.label);
    }
}

/** The slider that morphs one map into another. */
export class MorphControl {
    /** @param {ExplorerState} state */
    constructor(state) {
        const { panels } = state.data;
        this.isThere = panels.length > 1;
        part("morph").hidden = !this.isThere;
        const slider = /** @type {HTMLInputElement} */ (part("morph-slider"));
        this.player = new Player(
            part("morph-play"), 2.5, () => state.morph, (share) => state.setMorph(share), true, 1);
        slider.addEventListener("input", () => {
            this.player.stop();
            state.setMorph(Number(slider.value));
        });
        const [source, target] = [choice("morph-source"), choice("morph-target")];
        for (const select of [source, target]) {
            fillChoice(select, panels.map(({ name }) => name));
            // With two maps there is nothing to choose.
            select.hidden = panels.length < 3;
            select.addEventListener("change", () => {
                state.setMorphMaps(Number(source.value), Number(target.value));
            });
        }
        part("morph-from").hidden = part("morph-to").hidden = panels.length > 2;
        const update = () => {
            const [from, to] = [panels[state.morphSource]?.name ?? "", panels[state.morphTarget]?.name ?? ""];
            slider.value = String(state.morph);
            [source.value, target.value] = [String(state.morphSource), String(state.morphTarget)];
            [source.title, target.title] = [from, to];
            part("morph-from").textContent = from;
            part("morph-to").textContent = to;
            slider.setAttribute("aria-valuetext", `${Math.round(100 * state.morph)} % of the way from ${from} to ${to}`);
        };
        state.on(["places"], update);
        update();
    }
}

/** The slider that moves through the frames of all maps. */
export class FilmControl {
    /** @param {ExplorerState} state */
    constructor(state) {
        this.isThere = state.hasFilm;
        part("film").hidden = !this.isThere;
        const slider = /** @type {HTMLInputElement} */ (part("film-slider"));
        const frames = state.data.panels.find((panel) => panel.frames.length > 0)?.frames ?? [];
        this.player = new Player(
            part("film-play"), 8, () => state.time, (time) => state.setTime(time), false, frames.length - 1);
        slider.addEventListener("input", () => {
            this.player.stop();
            state.setTime(Number(slider.value));
        });
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
