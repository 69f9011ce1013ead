// @ts-check
// Draws points on a 2D canvas, for browsers without WebGL2.

import { dimOpacity } from "./webgl-renderer.js";

/** @typedef {import("./webgl-renderer.js").Drawing} Drawing */

/** Draws the points of one map without WebGL. Has the same methods as `WebGLRenderer`. */
export class CanvasRenderer {
    /** @param {HTMLCanvasElement} canvas @param {Uint32Array} order */
    constructor(canvas, order) {
        this.canvas = canvas;
        this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        this.order = order;
        this.colours = new Uint8Array();
        /** @type {Float32Array | null} */
        this.ellipseShares = null;
        this.from = new Float32Array();
        this.to = this.from;
        this.lit = new Uint8Array();
    }

    /** @param {Uint8Array} colours N × 3 @param {Float32Array | null} ellipseShares */
    setGlyphs(colours, ellipseShares) {
        this.colours = colours;
        this.ellipseShares = ellipseShares;
    }

    /** @param {Float32Array} from @param {Float32Array} to */
    setPlaces(from, to) {
        this.from = from;
        this.to = to;
    }

    /** @param {Uint8Array} lit */
    setLit(lit) {
        this.lit = lit;
    }

    /** @param {Drawing} drawing */
    draw(drawing) {
        this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        for (const wanted of drawing.hasDim ? [0, 1] : [1]) {
            this.context.globalAlpha = drawing.opacity * (wanted === 1 ? 1 : dimOpacity);
            this.#drawPoints(drawing, wanted);
        }
    }

    /** @param {Drawing} drawing @param {number} wanted Draws only points with this value in `lit`. */
    #drawPoints(drawing, wanted) {
        const { context, colours, from, to, lit } = this;
        const { share, scale, centreX, centreY, radius } = drawing;
        const { width, height } = this.canvas;
        const reach = 1.5 * radius;
        const outline = radius < 2.5 ? 0 : Math.min(1.2, radius * 0.28);
        context.lineWidth = outline;
        const count = Math.min(drawing.most, this.order.length);
        for (let index = 0; index < count; index += 1) {
            const sample = this.order[index];
            if (lit[sample] !== wanted) continue;
            const first = share < 1 ? from[2 * sample] * (1 - share) : 0;
            const x = centreX + scale * (share > 0 ? first + to[2 * sample] * share : first);
            const second = share < 1 ? from[2 * sample + 1] * (1 - share) : 0;
            const y = centreY - scale * (share > 0 ? second + to[2 * sample + 1] * share : second);
            // Also skips NaN, that is, points without a position.
            if (!(x > -reach && x < width + reach && y > -reach && y < height + reach)) continue;
            const [red, green, blue] = [colours[3 * sample], colours[3 * sample + 1], colours[3 * sample + 2]];
            context.fillStyle = `rgb(${red},${green},${blue})`;
            const root = Math.sqrt(1 + (this.ellipseShares ? this.ellipseShares[sample] : 0));
            if (radius < 1.2) {
                const side = 1.77 * radius;
                context.fillRect(x - side * root / 2, y - side / root / 2, side * root, side / root);
                continue;
            }
            context.beginPath();
            context.ellipse(x, y, radius * root, radius / root, 0, 0, 2 * Math.PI);
            context.fill();
            if (outline > 0) {
                const towards = drawing.isDark ? 255 * 0.28 : 0;
                const kept = drawing.isDark ? 0.72 : 0.62;
                context.strokeStyle = `rgb(${red * kept + towards},${green * kept + towards},${blue * kept + towards})`;
                context.stroke();
            }
        }
    }
}
