// @ts-check
// Helpers shared by several parts of the page.

import { element } from "./elements.js";

/**
 * The element with this id, which must exist.
 * @param {string} id @returns {HTMLElement}
 */
export function part(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * The select element with this id, which must exist.
 * @param {string} id
 */
export function choice(id) {
    return /** @type {HTMLSelectElement} */ (part(id));
}

/**
 * Replaces the options of a select. The value of an option is its index.
 * @param {HTMLSelectElement} select @param {string[]} names
 */
export function fillChoice(select, names) {
    select.replaceChildren(...names.map((name, index) => new Option(name, String(index))));
}

/**
 * An SVG glyph in the colour and shape of a class.
 * @param {string} colour @param {number} ellipseShare From 0 (circle) to 1 (ellipse twice as long as high).
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
 * A paragraph whose text direction follows its content.
 * @param {string | Node} content
 */
export function paragraph(content) {
    const line = element("p");
    line.dir = "auto";
    line.append(content);
    return line;
}

/**
 * Announces a text to screen readers.
 * @param {string} text
 */
export function announce(text) {
    part("announcement").textContent = text;
}
