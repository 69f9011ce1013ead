// @ts-check
// Where points are dense: lines around given shares of them, which say what a crowd of dots hides.

/** Cells along each side of −1…1, with some beyond the edge so that lines close. */
const side = 168;
const edge = 6;

/** The shares of the points that the lines enclose, the widest line first. */
const shares = [0.95, 0.75, 0.5, 0.25];

/**
 * Lines around the densest 95, 75, 50 and 25 % of points: for each the ends of its pieces, x and y of one and the other in
 * turn. O(points).
 * @param {Float32Array} xy N × 2, NaN where there is no point. @param {Uint8Array} isTaken
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
        // False for a point without a place.
        if (!(column >= 0 && column < side && row >= 0 && row < side)) continue;
        grid[row * side + column] += 1;
        total += 1;
    }
    if (total < 20) return [];
    // Three passes of a box of five are nearly a normal curve.
    for (let pass = 0; pass < 3; pass += 1) blur(grid);
    const sorted = Float32Array.from(grid.filter((value) => value > 0)).sort();
    const sum = sorted.reduce((a, b) => a + b, 0);
    /** @type {Float32Array[]} */
    const lines = [];
    for (const share of shares) {
        let [held, at] = [0, sorted.length];
        while (at > 0 && held < share * sum) held += sorted[--at];
        lines.push(contour(grid, sorted[at] ?? 0, scale));
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
 * Pieces of the line where the grid's values cross a level, by marching squares.
 * @param {Float32Array} grid @param {number} level @param {number} scale Cells a unit of the map.
 */
function contour(grid, level, scale) {
    /** @type {number[]} */
    const pieces = [];
    const place = (/** @type {number} */ at) => (at + 0.5 - edge) / scale - 1;
    for (let row = 0; row + 1 < side; row += 1) {
        for (let column = 0; column + 1 < side; column += 1) {
            const at = row * side + column;
            const corners = [grid[at], grid[at + 1], grid[at + side + 1], grid[at + side]];
            const places = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
            /** @type {number[]} */
            const crossings = [];
            for (let corner = 0; corner < 4; corner += 1) {
                const next = (corner + 1) % 4;
                if (corners[corner] > level === corners[next] > level) continue;
                const part = (level - corners[corner]) / (corners[next] - corners[corner]);
                crossings.push(place(places[corner][0] + part * (places[next][0] - places[corner][0])),
                    place(places[corner][1] + part * (places[next][1] - places[corner][1])));
            }
            pieces.push(...crossings);
        }
    }
    return Float32Array.from(pieces);
}
