// @ts-check
// Creates elements of the page, and formats numbers for them.

/**
 * Creates an element with a class and a text, which is never parsed as HTML.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} [className] @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className = "", text = "") {
    const result = document.createElement(tag);
    if (className !== "") result.className = className;
    if (text !== "") result.textContent = text;
    return result;
}

/**
 * Formats a number for display; a dash for NaN.
 * @param {number} value
 */
export function shown(value) {
    if (Number.isNaN(value)) return "–";
    const size = Math.abs(value);
    if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
    return value.toLocaleString("en", { maximumFractionDigits: size >= 100 ? 1 : 3 });
}
