// @ts-check
// Search conditions such as "class = red circle", "entropy > 0.5" or "site = head", joined by "and".

/** @typedef {import("./data.js").ExplorerData} ExplorerData */

/**
 * A property by which samples can be searched.
 * @typedef {object} Field
 * @property {string} name
 * @property {string[] | null} names Names of categories; null for a numeric field.
 * @property {ArrayLike<number>} values One per sample: a number or an index into `names`; NaN if there is none.
 */

/** @param {ExplorerData} data @returns {Field[]} */
export function fieldsOf(data) {
    /** @type {Field[]} */
    const fields = data.columns.map(({ name, values, categories }) => ({ name, names: categories, values }));
    if (data.classes.length > 1) {
        fields.unshift({ name: "class", names: data.classes.map(({ name }) => name), values: data.majorities });
        fields.push({ name: "entropy", names: null, values: data.entropies });
    }
    if (data.annotators) fields.push({ name: "annotators", names: null, values: data.annotators });
    return fields;
}

/**
 * Evaluates a search text. Returns the matching samples (1 in `isTaken`), or what is wrong, or null if it is not a
 * condition. O(samples × conditions).
 * @param {ExplorerData} data @param {Field[]} fields @param {string} text
 * @returns {{isTaken: Uint8Array, count: number} | {problem: string} | null}
 */
export function answerTo(data, fields, text) {
    /** @type {((sample: number) => boolean)[]} */
    const conditions = [];
    const parts = conditionsIn(fields, text);
    if (!parts) return null;
    for (const [name, operator, value] of parts) {
        const field = fieldNamed(fields, name);
        // An id may contain an operator, so this may not be meant as a condition.
        if (!field) return parts.length > 1 ? { problem: `“${name}” is not a column.` } : null;
        if (value === "") return { problem: `“${field.name}” needs a value to compare with.` };
        const condition = conditionOf(data, field, operator, value);
        if (typeof condition === "string") return { problem: condition };
        conditions.push(condition);
    }
    const isTaken = new Uint8Array(data.count);
    let count = 0;
    for (let sample = 0; sample < data.count; sample += 1) {
        if (!conditions.every((holds) => holds(sample))) continue;
        isTaken[sample] = 1;
        count += 1;
    }
    return { isTaken, count };
}

/**
 * Splits a text at "and" into conditions, each as name, operator and value; null if the first part is not a condition. Any
 * later part that is not a condition belongs to the value before it, as in "class = black and white".
 * @param {Field[]} fields @param {string} text
 */
function conditionsIn(fields, text) {
    // Try the longest name first, since one may be a prefix of another. A name may contain an operator.
    const names = fields.map(({ name }) => name).sort((a, b) => b.length - a.length);
    const operator = /^\s*(<=|>=|!=|≤|≥|≠|=|<|>)\s*(.*?)\s*$/s;
    /** @type {string[][]} */
    const conditions = [];
    for (const part of text.trim().split(/(?<=\s)and\s+/i)) {
        const known = names.find((name) => part.toLowerCase().startsWith(name.toLowerCase())
            && operator.test(part.slice(name.length)));
        const match = known !== undefined ? operator.exec(part.slice(known.length))
            : /^(.+?)\s*(<=|>=|!=|≤|≥|≠|=|<|>)\s*(.*?)\s*$/s.exec(part);
        const before = conditions.at(-1);
        if (match && known !== undefined) conditions.push([known, match[1], match[2]]);
        else if (match) conditions.push([match[1], match[2], match[3]]);
        else if (before) before[2] = `${before[2]} and ${part.trim()}`;
        else return null;
    }
    return conditions;
}

/** The field with this name, or the only one starting with it; ignores case. @param {Field[]} fields @param {string} name */
function fieldNamed(fields, name) {
    const wanted = name.toLowerCase();
    const exact = fields.find((field) => field.name.toLowerCase() === wanted);
    if (exact) return exact;
    const begun = fields.filter((field) => field.name.toLowerCase().startsWith(wanted));
    return begun.length === 1 ? begun[0] : undefined;
}

/**
 * @param {ExplorerData} data @param {Field} field @param {string} operator @param {string} value
 * @returns {((sample: number) => boolean) | string} The test of a sample, or what is wrong as a sentence.
 */
function conditionOf(data, field, operator, value) {
    const { values, names } = field;
    if (names) {
        if (operator !== "=" && !"!=≠".includes(operator)) return `“${field.name}” holds names: = and != compare them.`;
        const wanted = value.toLowerCase();
        const spelled = (/** @type {number} */ index) => {
            const full = field.name === "class" ? data.classes[index].fullName : null;
            return full === null ? [names[index].toLowerCase()] : [names[index].toLowerCase(), full.toLowerCase()];
        };
        let places = names.map((_, index) => index).filter((index) => spelled(index).includes(wanted));
        if (places.length === 0) {
            places = names.map((_, index) => index).filter((index) => spelled(index).some((one) => one.includes(wanted)));
        }
        if (places.length === 0) return `There is no ${field.name} “${value}”.`;
        const isWanted = new Uint8Array(names.length);
        for (const place of places) isWanted[place] = 1;
        return operator === "=" ? (sample) => isWanted[values[sample]] === 1
            : (sample) => !Number.isNaN(values[sample]) && isWanted[values[sample]] !== 1;
    }
    const number = Number(value.replace("−", "-"));
    if (Number.isNaN(number)) return `“${field.name}” holds numbers; “${value}” is not a number.`;
    // Columns are in single precision: round the number too, so that 0.1 equals a stored 0.1.
    const stored = Math.fround(number);
    switch (operator) {
        case "<": return (sample) => values[sample] < stored;
        case ">": return (sample) => values[sample] > stored;
        case "<=": case "≤": return (sample) => values[sample] <= stored;
        case ">=": case "≥": return (sample) => values[sample] >= stored;
        case "=": return (sample) => values[sample] === stored;
        default: return (sample) => !Number.isNaN(values[sample]) && values[sample] !== stored;
    }
}

/**
 * Up to five conditions to suggest for a text, in the order of the fields: classes and categories whose name contains it,
 * numeric fields whose name contains it, and other fields whose name starts with it.
 * @param {ExplorerData} data @param {Field[]} fields @param {string} text
 * @returns {string[]}
 */
export function suggestions(data, fields, text) {
    const wanted = text.toLowerCase();
    /** @type {string[]} */
    const found = [];
    for (const { name, names } of fields) {
        names?.forEach((one, index) => {
            const full = name === "class" ? data.className(index) : one;
            if (full.toLowerCase().includes(wanted) || one.toLowerCase() === wanted) found.push(`${name} = ${full}`);
        });
        if (!names && name.toLowerCase().includes(wanted)) found.push(`${name} > `);
        else if (names && name.toLowerCase().startsWith(wanted)) found.push(`${name} = `);
    }
    return [...new Set(found)].slice(0, 5);
}
