// @ts-check
// The legend: the classes, which also filter samples, and the current colouring.

import { element, shownEnds } from "./elements.js";
import { choice, fillChoice, part, swatch } from "./parts.js";

/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Maximum number of categories listed. */
const mostNames = 24;

/** Names of more characters would be cut in a list of two columns, which then has one. */
const longestInColumn = 12;

/**
 * Sets up the legend. A class counts and filters the samples whose majority class it is.
 * @param {ExplorerState} state
 */
export function showClasses(state) {
    const { data } = state;
    const counts = new Uint32Array(data.classes.length);
    for (const majority of data.majorities) counts[majority] += 1;
    const buttons = data.classes.map((one, index) => {
        const button = element("button", "class");
        button.type = "button";
        const name = element("bdi", "", data.className(index));
        if (one.fullName !== null) name.append(" ", element("span", "quiet", one.name));
        const count = element("span", "number", counts[index].toLocaleString("en"));
        button.append(swatch(one.colour, one.ellipseShare ?? 0), name, count);
        button.title = `${data.className(index)}. Click: show or dim the samples of which this is the majority class; `
            + "with Shift: only these";
        button.addEventListener("click", (event) => {
            const { isClassShown } = state;
            if (event.shiftKey) isClassShown.fill(false);
            isClassShown[index] = event.shiftKey || !isClassShown[index];
            state.refilter();
        });
        return button;
    });
    part("classes").replaceChildren(...buttons);
    const needLines = data.classes.some(({ fullName }, index) =>
        fullName !== null || data.className(index).length > longestInColumn);
    part("classes").classList.toggle("spelled", needLines);
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

/** Shows glyphs from circle to ellipse. */
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
    const select = choice("colouring");
    fillChoice(select, state.colourings.map(({ name }) => `colour: ${name}`));
    select.hidden = state.colourings.length < 2;
    select.addEventListener("change", () => state.setColouring(Number(select.value)));
    const update = () => {
        select.value = String(state.colouring);
        showColourLegend(state);
    };
    state.on(["colour", "theme"], update);
    update();
}

/**
 * Shows the legend of the current colouring, or nothing if its colours are those of the classes.
 * @param {ExplorerState} state
 */
function showColourLegend(state) {
    const place = part("colour-legend");
    const legend = state.colourings[state.colouring].legend(state.isDark);
    part("mixture-note").hidden = legend !== null || state.data.classes.length < 2;
    if (legend === null) {
        place.replaceChildren();
    } else if ("stops" in legend) {
        const scale = element("div", "scale");
        scale.style.backgroundImage = `linear-gradient(90deg, ${legend.stops.join(", ")})`;
        const ends = element("div", "row number");
        for (const end of shownEnds(legend.low, legend.high)) ends.append(element("span", "", end));
        place.replaceChildren(scale, ends);
    } else {
        place.replaceChildren(...legend.names.slice(0, mostNames).map((name, index) => {
            const item = element("span", "category");
            item.append(swatch(legend.colours[index], legend.ellipseShares?.[index] ?? 0), element("bdi", "", name));
            return item;
        }));
        const more = legend.names.length - mostNames;
        if (more > 0) place.append(element("span", "quiet", `and ${more} more`));
    }
}
