// @ts-check
// Reads arrays that `PackedArrays.swift` wrote into the document: split into byte planes, deflated, in base64.

/**
 * @typedef {object} ArrayReference
 * @property {number} array
 * @property {"float32" | "uint32" | "uint16" | "uint8" | "steps" | "table"} type
 * @property {number} count Number of values.
 * @property {number} width Number of bytes in a group of values, which is the number of planes.
 * @property {number} [low] For `steps`: the number at the first step.
 * @property {number} [step] For `steps`: the size of one step.
 * @property {(number | null)[]} [values] For `table`: the values that the bytes stand for, null for NaN.
 */

/** @typedef {Float32Array | Uint32Array | Uint16Array | Uint8Array} NumberArray */

/**
 * Unpacks all arrays that the JSON refers to, keyed by their numbers, and removes their text from the document.
 * @param {Document} page @param {any} words
 * @returns {Promise<Map<number, NumberArray>>}
 */
export async function unpackedArrays(page, words) {
    /** @type {ArrayReference[]} */
    const references = [];
    const collect = (/** @type {any} */ value) => {
        if (value === null || typeof value !== "object") return;
        if (Number.isInteger(value.array) && typeof value.type === "string") references.push(value);
        else for (const part of Object.values(value)) collect(part);
    };
    collect(words);
    const arrays = await Promise.all(references.map((reference) => unpacked(page, reference)));
    return new Map(references.map((reference, index) => [reference.array, arrays[index]]));
}

/** @param {Document} page @param {ArrayReference} reference @returns {Promise<NumberArray>} */
async function unpacked(page, reference) {
    const element = page.getElementById(`array-${reference.array}`);
    const stream = new Blob([fromBase64(element?.textContent ?? "")]).stream()
        .pipeThrough(new DecompressionStream("deflate"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer());
    // Free the text: it is no longer needed and takes more memory than the array.
    element?.remove();
    const bytes = joined(planes, reference.width);
    switch (reference.type) {
        case "float32": return new Float32Array(bytes.buffer);
        case "uint32": return new Uint32Array(bytes.buffer);
        case "uint16": return new Uint16Array(bytes.buffer);
        case "uint8": return bytes;
        case "steps": {
            const steps = new Uint16Array(bytes.buffer);
            const values = new Float32Array(steps.length);
            const [low, step] = [reference.low ?? 0, reference.step ?? 1];
            for (let index = 0; index < steps.length; index += 1) {
                values[index] = steps[index] === 65535 ? NaN : low + step * steps[index];
            }
            return values;
        }
        case "table": {
            const table = Float32Array.from(reference.values ?? [], (value) => value ?? NaN);
            const values = new Float32Array(bytes.length);
            for (let index = 0; index < bytes.length; index += 1) values[index] = table[bytes[index]];
            return values;
        }
    }
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function fromBase64(text) {
    const decode = /** @type {any} */ (Uint8Array).fromBase64;
    if (decode) return decode.call(Uint8Array, text);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let index = 0; index < letters.length; index += 1) bytes[index] = letters.charCodeAt(index);
    return bytes;
}

/**
 * Interleaves byte planes: group i consists of byte i of each plane.
 * @param {Uint8Array<ArrayBuffer>} planes @param {number} width Number of planes. @returns {Uint8Array<ArrayBuffer>}
 */
function joined(planes, width) {
    if (width < 2) return planes;
    const rows = planes.length / width;
    const bytes = new Uint8Array(planes.length);
    for (let plane = 0, from = 0; plane < width; plane += 1) {
        for (let to = plane; to < bytes.length; to += width, from += 1) bytes[to] = planes[from];
    }
    return rows > 0 ? bytes : planes;
}
