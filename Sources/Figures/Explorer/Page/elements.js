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

/**
 * Formats the two ends of a scale, with enough digits to tell them apart.
 * @param {number} low @param {number} high
 * @returns {[string, string]}
 */
export function shownEnds(low, high) {
    if (shown(low) !== shown(high) || !(low < high)) return [shown(low), shown(high)];
    const differ = (/** @type {number} */ digits) => low.toPrecision(digits) !== high.toPrecision(digits);
    let digits = 2;
    while (digits < 17 && !differ(digits)) digits += 1;
    // Two more, so that the length of the scale is about right.
    digits = Math.min(digits + 2, 17);
    const size = Math.max(Math.abs(low), Math.abs(high));
    const format = (/** @type {number} */ value) => (size >= 0.001 && size < 1e15
        ? value.toLocaleString("en", { maximumSignificantDigits: digits }) : value.toExponential(digits - 1));
    return [format(low), format(high)];
}
