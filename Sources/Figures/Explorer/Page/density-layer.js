// @ts-check
// The canvas with the density contours above a map.

/** @typedef {import("./geometry.js").Projection} Projection */

/** Draws contours only while maps are at rest. While they move, a CSS transform moves the canvas, at almost no cost. */
export class DensityLayer {
    constructor() {
        this.canvas = document.createElement("canvas");
        /** @type {Path2D | null} In map coordinates; null if outdated. */
        this.path = null;
        /** @type {Projection | null} The projection for which the canvas was drawn; null if outdated. */
        this.drawn = null;
    }

    /** Call this when points have moved or the filters or the selection have changed. Discards the contours. */
    forget() {
        this.path = null;
        this.drawn = null;
    }

    /** Call this when the same contours must be redrawn, such as for another theme or canvas size. */
    repaint() { this.drawn = null; }

    /**
     * Shows the contours. Returns whether they are up to date; if not, call this again once the maps are at rest.
     * @param {Projection} projection
     * @param {number} opacity At most 1; 0 or less hides the contours.
     * @param {boolean} isResting
     * @param {() => Float32Array[]} lines Computes the contours. Called only if they are outdated.
     */
    draw(projection, opacity, isResting, lines) {
        const { canvas } = this;
        const isShown = opacity > 0 && (this.drawn !== null || isResting);
        canvas.hidden = !isShown;
        if (!isShown) return opacity <= 0;
        const { scale, centreX, centreY } = projection;
        if (this.drawn && !isResting) {
            const factor = scale / this.drawn.scale;
            canvas.style.transform = `translate(${centreX - factor * this.drawn.centreX}px, `
                + `${centreY - factor * this.drawn.centreY}px) scale(${factor})`;
            return false;
        }
        canvas.style.transform = "";
        this.path ??= pathOf(lines());
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
        const style = getComputedStyle(canvas);
        context.resetTransform();
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.scale(devicePixelRatio, devicePixelRatio);
        context.transform(scale, 0, 0, -scale, centreX, centreY);
        context.lineJoin = "round";
        for (const [colour, width, alpha] of /** @type {[string, number, number][]} */ ([
            ["--paper", 3, 0.55], ["--ink", 1.1, 0.8],
        ])) {
            context.strokeStyle = style.getPropertyValue(colour);
            context.lineWidth = width / scale;
            context.globalAlpha = alpha * opacity;
            context.stroke(this.path);
        }
        this.drawn = projection;
        return true;
    }
}

/** @param {Float32Array[]} lines Each as x, y pairs. */
function pathOf(lines) {
    const path = new Path2D();
    for (const line of lines) {
        path.moveTo(line[0], line[1]);
        for (let at = 2; at < line.length; at += 2) path.lineTo(line[at], line[at + 1]);
    }
    return path;
}
