// @ts-check
// Pieces that several parts of the page are made of.

import { element } from "./elements.js";

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
export function swatch(colour, ellipseShare) {
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
 * A paragraph in the direction of its own text.
 * @param {string | Node} content
 */
export function paragraph(content) {
    const line = element("p");
    line.dir = "auto";
    line.append(content);
    return line;
}

/**
 * Says something to readers who do not see the page.
 * @param {string} text
 */
export function announce(text) {
    part("announcement").textContent = text;
}
