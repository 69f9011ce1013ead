// @ts-check
// The picture of the lines of density above a map.

/** @typedef {import("./geometry.js").Projection} Projection */

/** A canvas that is drawn when maps rest; while they move, the browser moves the picture, which costs nothing. */
export class DensityLayer {
    constructor() {
        this.canvas = document.createElement("canvas");
        /** @type {Path2D | null} In places of the map. */
        this.path = null;
        /** @type {Projection | null} For which the picture was drawn; null while it shows nothing that is true. */
        this.drawn = null;
    }

    /** To be called when points are elsewhere, or others are lit. */
    forget() {
        this.path = null;
        this.drawn = null;
    }

    /** To be called when the same lines look otherwise. */
    repaint() { this.drawn = null; }

    /**
     * Shows the lines. Whether the picture is as it shall be; if not, it wants to be drawn again when maps rest.
     * @param {Projection} projection
     * @param {number} opacity At most 1; none are shown for 0 or less.
     * @param {boolean} isResting
     * @param {() => Float32Array[]} lines Makes them.
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

/**
 * Lines as a path.
 * @param {Float32Array[]} lines
 */
function pathOf(lines) {
    const path = new Path2D();
    for (const line of lines) {
        path.moveTo(line[0], line[1]);
        for (let at = 2; at < line.length; at += 2) path.lineTo(line[at], line[at + 1]);
    }
    return path;
}
