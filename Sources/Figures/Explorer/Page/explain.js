// @ts-check
// Terms that show their meaning on hover or focus.

import { element } from "./elements.js";

/** Terms and their meanings, with a pattern that finds them; if several match at a position, the longest is used. */
class Glossary {
    constructor() {
        /** @type {Map<string, string>} Keyed by the term in lower case. */
        this.meanings = new Map();
        /** @type {RegExp | null} */
        this.pattern = null;
    }

    /** @param {[string, string][]} explanations */
    fill(explanations) {
        this.meanings = new Map(explanations.map(([term, meaning]) => [term.toLowerCase(), meaning]));
        const terms = [...this.meanings.keys()].filter((term) => term !== "").sort((a, b) => b.length - a.length);
        if (terms.length === 0) return;
        const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        this.pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu");
    }
}

const glossary = new Glossary();

/**
 * A text in which the first occurrence of each known term is a button that shows its meaning.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function explained(text) {
    const fragment = document.createDocumentFragment();
    let end = 0;
    /** @type {Set<string>} */
    const seen = new Set();
    for (const match of glossary.pattern ? text.matchAll(glossary.pattern) : []) {
        const term = match[0].toLowerCase();
        if (seen.has(term)) continue;
        seen.add(term);
        fragment.append(text.slice(end, match.index), termButton(match[0], glossary.meanings.get(term) ?? ""));
        end = match.index + match[0].length;
    }
    fragment.append(text.slice(end));
    return fragment;
}

/**
 * A button that shows a meaning on hover or focus, once `showMeanings` has been called.
 * @param {string} text @param {string} meaning
 */
export function termButton(text, meaning) {
    const button = element("button", "term");
    button.type = "button";
    button.append(element("bdi", "", text));
    button.setAttribute("aria-description", meaning);
    button.dataset.meaning = meaning;
    return button;
}

/**
 * Fills the glossary and sets up the tooltip, which all terms share. Call this before `explained`.
 * @param {[string, string][]} explanations
 */
export function showMeanings(explanations) {
    glossary.fill(explanations);
    const tip = /** @type {HTMLElement} */ (document.getElementById("tip"));
    /** @type {HTMLElement | null} */
    let shown = null;
    const show = (/** @type {HTMLElement | null} */ term) => {
        shown = term;
        tip.hidden = !term;
        if (!term) return;
        tip.textContent = term.dataset.meaning ?? "";
        const box = term.getBoundingClientRect();
        const left = Math.min(Math.max(box.left, 8), innerWidth - tip.offsetWidth - 8);
        const below = box.bottom + 6;
        const top = below + tip.offsetHeight < innerHeight - 8 ? below : box.top - tip.offsetHeight - 6;
        tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(top, 8))}px)`;
    };
    const termOf = (/** @type {Event} */ event) => {
        const target = /** @type {Element | null} */ (event.target);
        return /** @type {HTMLElement | null} */ (target?.closest?.("[data-meaning]") ?? null);
    };
    document.addEventListener("pointerover", (event) => {
        const term = termOf(event);
        if (term && term !== shown) show(term);
        else if (!term && shown && shown !== document.activeElement) show(null);
    });
    document.addEventListener("focusin", (event) => show(termOf(event)));
    document.addEventListener("focusout", () => show(null));
    document.addEventListener("scroll", () => show(null), { capture: true, passive: true });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || tip.hidden) return;
        show(null);
        event.preventDefault();
    }, { capture: true });
    // Safari does not focus buttons when they are tapped.
    document.addEventListener("click", (event) => {
        const term = termOf(event);
        if (term) show(term);
    });
}
