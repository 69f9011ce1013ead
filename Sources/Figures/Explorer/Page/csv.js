// @ts-check
// Samples as a table for pandas, R or a spreadsheet: CSV by RFC 4180.

/** @typedef {import("./data.js").ExplorerData} ExplorerData */

/**
 * A table of the samples for which `isTaken` has 1: id, annotators if known, the label distribution, what each map
 * predicts, places as they came (empty where there is none), and all columns.
 * @param {ExplorerData} data @param {Uint8Array} isTaken
 */
export function csv(data, isTaken) {
    const header = ["id"];
    if (data.annotators) header.push("annotators");
    for (const { name } of data.classes) header.push(`label_${name}`);
    for (const { name, predictions } of data.panels) {
        if (predictions) for (const one of data.classes) header.push(`${name}_${one.name}`);
    }
    for (const { name } of data.panels) header.push(`${name}_x`, `${name}_y`);
    for (const { name } of data.columns) header.push(name);
    const lines = [header.map(field).join(",")];
    for (let sample = 0; sample < data.count; sample += 1) {
        if (isTaken[sample] === 0) continue;
        const fields = [field(data.ids[sample])];
        if (data.annotators) fields.push(data.annotators[sample] > 0 ? String(data.annotators[sample]) : "");
        for (const share of data.distribution(sample)) fields.push(decimal(share));
        for (const { predictions } of data.panels) {
            if (predictions) for (const share of data.distribution(sample, predictions)) fields.push(decimal(share));
        }
        for (const { coordinates } of data.panels) {
            fields.push(decimal(coordinates[2 * sample]), decimal(coordinates[2 * sample + 1]));
        }
        for (const { values } of data.columns) fields.push(decimal(values[sample]));
        lines.push(fields.join(","));
    }
    return lines.join("\r\n") + "\r\n";
}

/**
 * Text, in quotes where it must be.
 * @param {string} text
 */
function field(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The fewest digits that read back as the same number in single precision; nothing for NaN.
 * @param {number} value
 */
export function decimal(value) {
    if (Number.isNaN(value)) return "";
    // Fewer than six digits follow from six, whose zeros at the end fall away.
    for (let digits = 6; digits < 9; digits += 1) {
        const text = value.toPrecision(digits);
        if (Math.fround(Number(text)) === value) return String(Number(text));
    }
    return String(Number(value.toPrecision(9)));
}

/**
 * Hands `text` to the reader as a file.
 * @param {string} text @param {string} name
 */
export function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
