// @ts-check
// The nearest neighbours of the pinned sample, compared between maps.

import { picture } from "./card.js";
import { element } from "./elements.js";
import { shownNeighbours } from "./panel.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/**
 * One strip of images per map, nearest first. Marks samples that are in all strips. Call this only if a sample is pinned.
 * @param {ExplorerState} state @param {Panel[]} panels
 * @returns {HTMLElement}
 */
export function neighbourStrips(state, panels) {
    const { data, pinned } = state;
    const root = element("div", "neighbours");
    const lists = panels.map((panel) => panel.nearestTo(pinned, shownNeighbours));
    const inAll = (/** @type {number} */ sample) => lists.every(({ samples }) => samples.includes(sample));
    const shared = (lists[0]?.samples ?? []).filter(inAll);
    lists.forEach(({ samples, isOfSpace }, index) => {
        const heading = element("h3");
        heading.append(isOfSpace ? "nearest in " : "nearest on the map of ", element("bdi", "", data.panels[index].name));
        if (index > 0 && samples.length > 0) {
            heading.append(element("span", "quiet", ` ${shared.length} of ${samples.length} in `
                + `${lists.length > 2 ? "all" : "both"}`));
        }
        const strip = element("div", "neighbour-strip");
        strip.append(...samples.map((sample) => {
            const button = element("button", "neighbour");
            button.type = "button";
            button.append(picture(data, sample, 36));
            const isShared = lists.length > 1 && inAll(sample);
            button.classList.toggle("shared", isShared);
            button.title = data.id(sample);
            button.setAttribute("aria-label",
                `${data.id(sample)}, ${data.className(data.majorities[sample])}${isShared ? ", near in every space" : ""}`);
            button.addEventListener("click", () => state.pin(sample));
            button.addEventListener("pointerenter", () => state.hover(sample, -1));
            button.addEventListener("pointerleave", () => state.hover(-1, -1));
            return button;
        }));
        if (samples.length === 0) strip.append(element("p", "quiet", "It has no position on this map."));
        root.append(heading, strip);
    });
    return root;
}
