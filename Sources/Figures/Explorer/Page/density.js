// @ts-check
// Density contours: lines around given shares of the points, which reveal what overlapping dots hide.

/** Grid cells per side, including `edge` cells of margin beyond −1…1 on either side so that contours close. */
const side = 168;
const edge = 6;

/** The shares of the points that the contours enclose, widest contour first. */
const shares = [0.95, 0.75, 0.5, 0.25];

/**
 * Closed contours around the densest 95, 75, 50 and 25 % of the points, each as x, y pairs in map coordinates. None for
 * fewer than 20 points. O(points).
 * @param {Float32Array} xy N × 2, NaN for points without a position. @param {Uint8Array} isTaken Ignores points with 0.
 * @returns {Float32Array[]}
 */
export function densityLines(xy, isTaken) {
    const grid = new Float32Array(side * side);
    const scale = (side - 2 * edge) / 2;
    let total = 0;
    for (let point = 0; point < isTaken.length; point += 1) {
        if (isTaken[point] === 0) continue;
        const column = Math.floor((xy[2 * point] + 1) * scale) + edge;
        const row = Math.floor((xy[2 * point + 1] + 1) * scale) + edge;
        // Also skips NaN, that is, points without a position.
        if (!(column >= 0 && column < side && row >= 0 && row < side)) continue;
        grid[row * side + column] += 1;
        total += 1;
    }
    if (total < 20) return [];
    // Three passes of a box blur of five cells approximate a Gaussian blur.
    for (let pass = 0; pass < 3; pass += 1) blur(grid);
    const sorted = Float32Array.from(grid.filter((value) => value > 0)).sort();
    const sum = sorted.reduce((a, b) => a + b, 0);
    /** @type {Float32Array[]} */
    const lines = [];
    for (const share of shares) {
        let [held, at] = [0, sorted.length];
        while (at > 0 && held < share * sum) held += sorted[--at];
        lines.push(...contour(grid, sorted[at] ?? 0, scale));
    }
    return lines;
}

/** @param {Float32Array} grid */
function blur(grid) {
    const line = new Float32Array(side);
    for (const [step, jump] of [[1, side], [side, 1]]) {
        for (let start = 0, number = 0; number < side; number += 1, start += jump) {
            for (let at = 0; at < side; at += 1) {
                let sum = 0;
                for (let near = Math.max(at - 2, 0); near <= Math.min(at + 2, side - 1); near += 1) {
                    sum += grid[start + near * step];
                }
                line[at] = sum / 5;
            }
            for (let at = 0; at < side; at += 1) grid[start + at * step] = line[at];
        }
    }
}

/**
 * Contours of the grid at a level, by marching squares, with segments joined end to end: x, y pairs in map coordinates.
 * @param {Float32Array} grid @param {number} level @param {number} scale Cells per unit of map coordinates.
 * @returns {Float32Array[]}
 */
function contour(grid, level, scale) {
    // Each crossing is on an edge of the grid, numbered 2 × its left or lower corner, plus 1 if the edge goes upwards.
    /** @type {Map<number, number[]>} For each crossed edge, those it shares a segment with. */
    const beside = new Map();
    const join = (/** @type {number} */ one, /** @type {number} */ other) => {
        const others = beside.get(one);
        if (others) others.push(other);
        else beside.set(one, [other]);
    };
    for (let row = 0; row + 1 < side; row += 1) {
        for (let column = 0; column + 1 < side; column += 1) {
            const at = row * side + column;
            /** @type {number[]} */
            const crossed = [];
            for (const [edge, from, to] of [
                [2 * at, at, at + 1], [2 * (at + 1) + 1, at + 1, at + side + 1],
                [2 * (at + side), at + side, at + side + 1], [2 * at + 1, at, at + side],
            ]) {
                if (grid[from] > level !== grid[to] > level) crossed.push(edge);
            }
            for (let piece = 0; piece + 1 < crossed.length; piece += 2) {
                join(crossed[piece], crossed[piece + 1]);
                join(crossed[piece + 1], crossed[piece]);
            }
        }
    }
    /** @type {Float32Array[]} */
    const lines = [];
    while (beside.size > 0) {
        const [start] = beside.keys();
        /** @type {number[]} */
        const corners = [];
        let at = /** @type {number | undefined} */ (start);
        while (at !== undefined) {
            corners.push(...placeOf(grid, at, level, scale));
            const others = beside.get(at) ?? [];
            const next = others.find((other) => beside.has(other));
            beside.delete(at);
            at = next;
        }
        // The margin of the grid is empty, so every contour closes.
        corners.push(corners[0], corners[1]);
        lines.push(Float32Array.from(corners));
    }
    return lines;
}

/**
 * Where an edge crosses a level, in map coordinates, by linear interpolation.
 * @param {Float32Array} grid @param {number} edgeNumber @param {number} level @param {number} scale
 */
function placeOf(grid, edgeNumber, level, scale) {
    const from = edgeNumber >> 1;
    const isUpwards = edgeNumber % 2 === 1;
    const to = from + (isUpwards ? side : 1);
    const part = (level - grid[from]) / (grid[to] - grid[from]);
    const place = (/** @type {number} */ at) => (at + 0.5 - edge) / scale - 1;
    return [place((from % side) + (isUpwards ? 0 : part)), place(Math.floor(from / side) + (isUpwards ? part : 0))];
}
