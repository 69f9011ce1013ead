// @ts-check
// Projects points to the screen, and finds those near the pointer or inside a lasso.

/** @typedef {import("./data.js").Places} Places */

/** The viewport. All panels share it, so they zoom and pan together. */
export class View {
    constructor() {
        /** The centre of the viewport, in units of half the panel's shorter side at zoom 1, y upwards. */
        this.x = 0;
        this.y = 0;
        this.zoom = 1;
    }

    static get greatestZoom() { return 200; }

    get isWhole() { return this.zoom === 1 && this.x === 0 && this.y === 0; }

    reset() {
        this.x = 0;
        this.y = 0;
        this.zoom = 1;
    }

    /**
     * Sets the viewport, clamped to the limits of zoom and position.
     * @param {number} x @param {number} y @param {number} zoom
     */
    set(x, y, zoom) {
        this.zoom = Math.min(Math.max(zoom, 0.5), View.greatestZoom);
        this.x = Math.min(Math.max(x, -3), 3);
        this.y = Math.min(Math.max(y, -3), 3);
    }

    /**
     * Zooms about (`x`, `y`), measured from the panel's centre in units of half its shorter side, y upwards.
     * @param {number} factor @param {number} x @param {number} y
     */
    zoomBy(factor, x, y) {
        const zoom = Math.min(Math.max(this.zoom * factor, 0.5), View.greatestZoom);
        this.x += x / this.zoom - x / zoom;
        this.y += y / this.zoom - y / zoom;
        this.zoom = zoom;
    }

    /**
     * Pans: moves the content by a distance in units of half the panel's shorter side, y upwards.
     * @param {number} x @param {number} y
     */
    moveBy(x, y) {
        this.x = Math.min(Math.max(this.x - x / this.zoom, -3), 3);
        this.y = Math.min(Math.max(this.y - y / this.zoom, -3), 3);
    }
}

/** Projects map coordinates to CSS pixels of a panel: (centreX + scale x, centreY − scale y). */
export class Projection {
    /**
     * @param {View} view
     * @param {number} width Of the panel, in CSS pixels.
     * @param {number} height Of the panel, in CSS pixels.
     * @param {number} halfWidth Of the map, in map coordinates.
     * @param {number} halfHeight Of the map, in map coordinates.
     */
    constructor(view, width, height, halfWidth, halfHeight) {
        const inset = Math.min(24, Math.min(width, height) / 8);
        const fit = Math.min((width / 2 - inset) / Math.max(halfWidth, 1e-6),
            (height / 2 - inset) / Math.max(halfHeight, 1e-6));
        /** Half the panel's shorter side, in CSS pixels. */
        this.unit = Math.min(width, height) / 2;
        this.scale = fit * view.zoom;
        this.centreX = width / 2 - view.x * this.unit * view.zoom;
        this.centreY = height / 2 + view.y * this.unit * view.zoom;
    }
}

/**
 * A spatial index: a grid of square cells with about two points per cell on average, each cell a slice of one array. A
 * search visits only the cells it overlaps.
 *
 * Construction takes O(points).
 */
export class PointGrid {
    /**
     * @param {Float32Array} xy N × 2 in map coordinates; NaN for points without a position, which are left out.
     * @param {Uint8Array} isTaken Points with 0 are left out.
     */
    constructor(xy, isTaken) {
        const count = isTaken.length;
        this.xy = xy;
        this.side = Math.min(Math.max(Math.ceil(Math.sqrt(count / 2)), 1), 1024);
        const cells = new Int32Array(count).fill(-1);
        const starts = new Uint32Array(this.side * this.side + 1);
        for (let point = 0; point < count; point += 1) {
            if (isTaken[point] === 0 || !(xy[2 * point] === xy[2 * point])) continue;
            const cell = this.#line(xy[2 * point + 1]) * this.side + this.#line(xy[2 * point]);
            cells[point] = cell;
            starts[cell + 1] += 1;
        }
        for (let cell = 0; cell < this.side * this.side; cell += 1) starts[cell + 1] += starts[cell];
        this.starts = starts;
        this.points = new Uint32Array(starts[this.side * this.side]);
        const next = starts.slice();
        for (let point = 0; point < count; point += 1) {
            if (cells[point] >= 0) this.points[next[cells[point]]++] = point;
        }
    }

    /**
     * The row or column of a coordinate; coordinates outside −1…1 are clamped to the outermost.
     * @param {number} place x or y.
     */
    #line(place) {
        return Math.min(Math.max(Math.floor(((place + 1) / 2) * this.side), 0), this.side - 1);
    }

    /**
     * The point nearest to (`x`, `y`) within the distance `reach`, or −1; in a tie, the first in the order of the grid.
     * @param {number} x @param {number} y @param {number} reach
     */
    nearest(x, y, reach) {
        let best = -1;
        let least = reach * reach;
        this.#visit(x - reach, x + reach, y - reach, y + reach, (point) => {
            const [dx, dy] = [this.xy[2 * point] - x, this.xy[2 * point + 1] - y];
            const distance = dx * dx + dy * dy;
            if (distance < least || (distance === least && best < 0)) {
                least = distance;
                best = point;
            }
        });
        return best;
    }

    /**
     * The points inside a polygon by the even-odd rule; none if it has fewer than three corners.
     * @param {number[]} polygon Corners as x, y pairs.
     * @returns {number[]}
     */
    within(polygon) {
        const xs = polygon.filter((_, index) => index % 2 === 0);
        const ys = polygon.filter((_, index) => index % 2 === 1);
        /** @type {number[]} */
        const found = [];
        if (xs.length < 3) return found;
        this.#visit(Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys), (point) => {
            if (isInside(polygon, this.xy[2 * point], this.xy[2 * point + 1])) found.push(point);
        });
        return found;
    }

    /**
     * The points in a rectangle, including its border.
     * @param {number} left @param {number} right @param {number} bottom @param {number} top
     */
    inside(left, right, bottom, top) {
        /** @type {number[]} */
        const found = [];
        this.#visit(left, right, bottom, top, (point) => {
            const [x, y] = [this.xy[2 * point], this.xy[2 * point + 1]];
            if (x >= left && x <= right && y >= bottom && y <= top) found.push(point);
        });
        return found;
    }

    /**
     * The `count` points nearest to a sample, without itself, nearest first; none if it has no position.
     * @param {number} sample @param {number} count
     */
    nearestTo(sample, count) {
        const [x, y] = [this.xy[2 * sample], this.xy[2 * sample + 1]];
        if (Number.isNaN(x) || Number.isNaN(y)) return [];
        const distance = (/** @type {number} */ point) => {
            return (this.xy[2 * point] - x) ** 2 + (this.xy[2 * point + 1] - y) ** 2;
        };
        // Double the square until its inscribed circle holds enough points or it covers the whole map.
        for (let reach = 2 / this.side; ; reach *= 2) {
            /** @type {number[]} */
            const found = [];
            this.#visit(x - reach, x + reach, y - reach, y + reach, (point) => {
                if (point !== sample && (reach >= 4 || distance(point) <= reach * reach)) found.push(point);
            });
            if (found.length < count && reach < 4) continue;
            return found.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, count);
        }
    }

    /**
     * @param {number} left @param {number} right @param {number} bottom @param {number} top
     * @param {(point: number) => void} body
     */
    #visit(left, right, bottom, top, body) {
        const [first, last] = [this.#line(left), this.#line(right)];
        for (let row = this.#line(bottom); row <= this.#line(top); row += 1) {
            const end = this.starts[row * this.side + last + 1];
            for (let at = this.starts[row * this.side + first]; at < end; at += 1) body(this.points[at]);
        }
    }
}

/**
 * Whether a point is inside a polygon by the even-odd rule. O(corners).
 * @param {number[]} polygon Corners as x, y pairs. @param {number} x @param {number} y
 */
export function isInside(polygon, x, y) {
    let inside = false;
    for (let at = 0, before = polygon.length - 2; at < polygon.length; before = at, at += 2) {
        const [x1, y1, x2, y2] = [polygon[at], polygon[at + 1], polygon[before], polygon[before + 1]];
        if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
    return inside;
}

/**
 * Interpolates between two sets of positions; NaN where either is NaN. At 0 and 1, returns `from` or `to` itself.
 * @param {Float32Array} from @param {Float32Array} to @param {number} share 0…1
 */
export function placesBetween(from, to, share) {
    if (share === 0 || from === to) return from;
    if (share === 1) return to;
    const xy = new Float32Array(from.length);
    for (let index = 0; index < xy.length; index += 1) xy[index] = from[index] * (1 - share) + to[index] * share;
    return xy;
}
