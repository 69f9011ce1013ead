// @ts-check
// Where points are on the screen, and which of them lie near the pointer or within a lasso.

/** @typedef {import("./data.js").Places} Places */

/** The part of a map that is shown: shared by all panels, so that they zoom and pan together. */
export class View {
    constructor() {
        /** What lies in the middle, in halves of the panel's shorter side at zoom 1, y upwards. */
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
     * Shows a part that is given, within the limits of zooming and moving.
     * @param {number} x @param {number} y @param {number} zoom
     */
    set(x, y, zoom) {
        this.zoom = Math.min(Math.max(zoom, 0.5), View.greatestZoom);
        this.x = Math.min(Math.max(x, -3), 3);
        this.y = Math.min(Math.max(y, -3), 3);
    }

    /**
     * Zooms so that what lies at (`x`, `y`) stays there; both from the panel's middle, in halves of its shorter side.
     * @param {number} factor @param {number} x @param {number} y
     */
    zoomBy(factor, x, y) {
        const zoom = Math.min(Math.max(this.zoom * factor, 0.5), View.greatestZoom);
        this.x += x / this.zoom - x / zoom;
        this.y += y / this.zoom - y / zoom;
        this.zoom = zoom;
    }

    /**
     * Moves what is shown by a distance in halves of the panel's shorter side.
     * @param {number} x @param {number} y
     */
    moveBy(x, y) {
        this.x = Math.min(Math.max(this.x - x / this.zoom, -3), 3);
        this.y = Math.min(Math.max(this.y - y / this.zoom, -3), 3);
    }
}

/** From places of a map to pixels of CSS in a panel: (centreX + scale x, centreY − scale y). */
export class Projection {
    /**
     * @param {View} view
     * @param {number} width
     * @param {number} height
     * @param {number} halfWidth Of the map.
     * @param {number} halfHeight Of the map.
     */
    constructor(view, width, height, halfWidth, halfHeight) {
        const inset = Math.min(24, Math.min(width, height) / 8);
        const fit = Math.min((width / 2 - inset) / Math.max(halfWidth, 1e-6),
            (height / 2 - inset) / Math.max(halfHeight, 1e-6));
        /** Half of the shorter side, in pixels. */
        this.unit = Math.min(width, height) / 2;
        this.scale = fit * view.zoom;
        this.centreX = width / 2 - view.x * this.unit * view.zoom;
        this.centreY = height / 2 + view.y * this.unit * view.zoom;
    }
}

/**
 * Points in square cells, each cell a run of one array: the nearest of 100,000 is found among a few dozen.
 *
 * Made in O(points).
 */
export class PointGrid {
    /**
     * @param {Float32Array} xy N × 2, NaN where there is no point.
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
     * The row or column of a place; what lies outside −1…1 is in the outermost.
     * @param {number} place
     */
    #line(place) {
        return Math.min(Math.max(Math.floor(((place + 1) / 2) * this.side), 0), this.side - 1);
    }

    /**
     * The nearest point within `reach` of (`x`, `y`), or −1. The first of equally near ones.
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
     * The points within a polygon by the even-odd rule.
     * @param {number[]} polygon x and y of each corner in turn.
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
     * The points in a rectangle.
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
     * The `count` points nearest to a point that has a place, without itself, the nearest first.
     * @param {number} sample @param {number} count
     */
    nearestTo(sample, count) {
        const [x, y] = [this.xy[2 * sample], this.xy[2 * sample + 1]];
        if (Number.isNaN(x) || Number.isNaN(y)) return [];
        const distance = (/** @type {number} */ point) => {
            return (this.xy[2 * point] - x) ** 2 + (this.xy[2 * point + 1] - y) ** 2;
        };
        // A square that holds enough points within its inner circle, or all.
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
 * Whether a point lies within a polygon by the even-odd rule.
 * @param {number[]} polygon @param {number} x @param {number} y
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
 * Places between two maps, NaN where either has none, except at the ends.
 * @param {Float32Array} from @param {Float32Array} to @param {number} share 0…1
 */
export function placesBetween(from, to, share) {
    if (share === 0 || from === to) return from;
    if (share === 1) return to;
    const xy = new Float32Array(from.length);
    for (let index = 0; index < xy.length; index += 1) xy[index] = from[index] * (1 - share) + to[index] * share;
    return xy;
}
