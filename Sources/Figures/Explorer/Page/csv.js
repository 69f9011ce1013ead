// @ts-check
// CSV (RFC 4180): exports samples for pandas, R or a spreadsheet, and reads tables of ids.

/** @typedef {import("./data.js").ExplorerData} ExplorerData */

/**
 * A table, with a header, of the samples for which `isTaken` is 1: id, annotators if known, label distribution, predictions
 * of each map, unscaled positions (empty if there is none), and all columns.
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
        const fields = [field(data.id(sample))];
        if (data.annotators) fields.push(data.annotators[sample] > 0 ? String(data.annotators[sample]) : "");
        for (const share of data.distribution(sample)) fields.push(decimal(share));
        for (const { predictions } of data.panels) {
            if (predictions) for (const share of data.distribution(sample, predictions)) fields.push(decimal(share));
        }
        for (const { coordinates } of data.panels) {
            fields.push(decimal(coordinates[2 * sample]), decimal(coordinates[2 * sample + 1]));
        }
        for (const { values, categories } of data.columns) {
            fields.push(categories ? field(categories[values[sample]] ?? "") : decimal(values[sample]));
        }
        lines.push(fields.join(","));
    }
    return lines.join("\r\n") + "\r\n";
}

/**
 * Quotes a text if necessary.
 * @param {string} text
 */
function field(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The fewest digits that read back as the same number in single precision; empty for NaN.
 * @param {number} value
 */
export function decimal(value) {
    if (Number.isNaN(value)) return "";
    // Starting at six digits also covers fewer, because `Number` drops trailing zeros.
    for (let digits = 6; digits < 9; digits += 1) {
        const text = value.toPrecision(digits);
        if (Math.fround(Number(text)) === value) return String(Number(text));
    }
    return String(Number(value.toPrecision(9)));
}

/**
 * Parses a table; skips empty lines. The separator is the comma, semicolon or tab, whichever is most common in line 1.
 * @param {string} text
 */
export function rowsOf(text) {
    const firstLine = text.slice(0, Math.max(text.search(/[\r\n]/), 0) || text.length);
    const separator = [",", ";", "\t"].reduce((best, one) => {
        return firstLine.split(one).length > firstLine.split(best).length ? one : best;
    });
    /** @type {string[][]} */
    const rows = [];
    /** @type {string[]} */
    let row = [];
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at < text.length) {
        let value = "";
        if (text[at] === '"') {
            for (at += 1; at < text.length; at += 1) {
                const end = text.indexOf('"', at);
                value += text.slice(at, end < 0 ? text.length : end);
                at = end < 0 ? text.length : end + 1;
                if (text[at] !== '"') break;
                value += '"';
            }
        }
        let end = at;
        while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end += 1;
        row.push(value + text.slice(at, end));
        at = end + 1;
        if (text[end] === separator) {
            if (at === text.length) row.push("");
            else continue;
        }
        if (text[end] === "\r" && text[at] === "\n") at += 1;
        if (row.length > 1 || row[0] !== "") rows.push(row);
        row = [];
    }
    return rows;
}

/**
 * The samples that a table names in the column called "id" (ignoring case), or else in the first column, with or without a
 * header. `found` counts the rows with a known id; `unknown` holds the ids that no sample has.
 * @param {ExplorerData} data @param {string} text
 */
export function samplesNamedBy(data, text) {
    const rows = rowsOf(text);
    const named = rows[0]?.findIndex((name) => name.trim().toLowerCase() === "id") ?? -1;
    const column = Math.max(named, 0);
    /** @type {Map<string, number[]>} */
    const samples = new Map();
    for (let sample = 0; sample < data.count; sample += 1) {
        const id = data.id(sample);
        const others = samples.get(id);
        if (others) others.push(sample);
        else samples.set(id, [sample]);
    }
    const isTaken = new Uint8Array(data.count);
    /** @type {string[]} */
    const unknown = [];
    let found = 0;
    rows.forEach((row, index) => {
        const id = row[column] ?? "";
        const own = samples.get(id) ?? samples.get(id.trim());
        if (own) {
            found += 1;
            for (const sample of own) isTaken[sample] = 1;
        } else if (index > 0 || named < 0) {
            unknown.push(id);
        }
    });
    // Without an "id" column, the first line may be a header, so do not report it as unknown.
    if (named < 0 && unknown.length > 0 && rows.length > 1 && unknown[0] === (rows[0][0] ?? "")) unknown.shift();
    return { isTaken, found, unknown };
}

/**
 * Offers `text` as a download.
 * @param {string} text @param {string} name Of the file.
 */
export function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
