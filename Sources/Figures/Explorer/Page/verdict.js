// @ts-check
// The text around the maps: title, verdict with its details, and notes.

import { element } from "./elements.js";
import { explained } from "./explain.js";
import { paragraph, part } from "./parts.js";

/** @typedef {import("./data.js").ExplorerData} ExplorerData */

/**
 * Fills in the title, the numbers of samples and classes, and the notes.
 * @param {ExplorerData} data
 */
export function showWordsOfPage(data) {
    document.title = data.title === "" ? "Penumbra explorer" : data.title;
    part("title").textContent = document.title;
    const numberOf = (/** @type {number} */ count, /** @type {string} */ one, /** @type {string} */ many) => {
        return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
    };
    part("summary").textContent = [
        numberOf(data.count, "sample", "samples"), numberOf(data.classes.length, "class", "classes"),
    ].join(" · ");
    const notes = [...data.notes];
    for (const { name, missing } of data.panels) {
        if (missing > 0) {
            notes.push(`${missing.toLocaleString("en")} of ${data.count.toLocaleString("en")} samples have no position in `
                + `“\u2068${name}\u2069” (not finite) and are not drawn there.`);
        }
    }
    if (data.panels.length === 0) notes.push("There is no map.");
    else if (data.count === 0) notes.push("There are no samples.");
    part("notes").replaceChildren(...notes.map((note) => paragraph(note)));
}

/**
 * Shows the verdict in one sentence, with the table and all sentences in a collapsed section below.
 * @param {ExplorerData} data
 */
export function showVerdict({ verdict, answer, answerTable }) {
    const section = part("answer");
    section.hidden = verdict === "" && answer.length === 0 && answerTable.length === 0;
    section.replaceChildren();
    if (verdict !== "") {
        const line = paragraph(explained(verdict));
        line.id = "verdict";
        section.append(line);
    }
    if (answer.length === 0 && answerTable.length === 0) return;
    const details = element("details");
    details.append(element("summary", "", answerTable.length > 0 ? "Measure by measure" : "What this is based on"));
    const words = element("div", "behind");
    if (answerTable.length > 0) {
        const table = element("table");
        answerTable.forEach((cells, row) => {
            const line = table.insertRow();
            for (const text of cells) {
                const cell = element(row === 0 ? "th" : "td");
                cell.dir = "auto";
                cell.append(explained(text));
                line.append(cell);
            }
        });
        words.append(table);
    }
    words.append(...answer.map((sentence) => paragraph(explained(sentence))));
    details.append(words);
    section.append(details);
}
