// @ts-check
// One map on the page: its heading, its points, and the contours and marks above them.

import { CanvasRenderer } from "./canvas-renderer.js";
import { DensityLayer } from "./density-layer.js";
import { densityLines } from "./density.js";
import { explained } from "./explain.js";
import { PointGrid, Projection, placesBetween } from "./geometry.js";
import { WebGLRenderer } from "./webgl-renderer.js";

/** @typedef {import("./detail.js").Detail} Detail */
/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** Hit-test radius for a mouse and for a finger, in CSS pixels. */
const reach = { mouse: 16, finger: 28 };

/** Number of nearest neighbours of the pinned sample that are marked and listed. */
export const shownNeighbours = 10;

/** Tracks the state and notes what must be redrawn; `draw` then does it, at most once per frame. */
export class Panel {
    /**
     * @param {ExplorerState} state
     * @param {number} index Index of the map.
     * @param {boolean} isPlain Draws without WebGL even if it is available.
     * @param {Detail} detail
     */
    constructor(state, index, isPlain, detail) {
        this.state = state;
        this.detail = detail;
        this.index = index;
        const map = state.data.panels[index];
        this.element = document.createElement("figure");
        this.element.className = "panel";
        const caption = document.createElement("figcaption");
        this.name = document.createElement("bdi");
        const figures = document.createElement("bdi");
        figures.className = "quiet";
        figures.append(explained(map.caption));
        caption.append(this.name, figures);
        this.box = document.createElement("div");
        this.box.className = "map";
        this.box.tabIndex = 0;
        this.box.setAttribute("role", "application");
        this.box.setAttribute("aria-roledescription", "map");
        this.box.setAttribute("aria-label", `${map.name}: ${state.data.count - map.missing} points. Arrow keys pan, `
            + "plus and minus zoom, Enter pins the sample nearest to the middle.");
        this.points = document.createElement("canvas");
        this.lines = new DensityLayer();
        this.marks = document.createElement("canvas");
        this.box.append(this.points, this.lines.canvas, this.marks);
        this.element.append(caption, this.box);

        const { order } = state.data;
        this.renderer = (isPlain ? null : WebGLRenderer.create(this.points, order))
            ?? new CanvasRenderer(this.points, order);
        /** @type {PointGrid | null} Built on demand; null if positions or filters have changed since. */
        this.grid = null;
        this.xy = map.places.xy;
        /** Points are interpolated between these positions: `share` is 0 at `from` and 1 at `to`. */
        this.from = map.places.xy;
        this.to = map.places.xy;
        this.share = 0;
        this.halfWidth = map.places.halfWidth;
        this.halfHeight = map.places.halfHeight;
        /** Whether `xy` is outdated. */
        this.isMoved = false;
        /** @type {number[]} Corners of the lasso as x, y pairs in map coordinates. */
        this.lasso = [];
        this.width = 0;
        this.height = 0;
        this.isDue = { points: true, marks: true };
        /** Milliseconds taken by the last draw and the last hit test, for measurements. */
        this.spent = { draw: 0, pick: 0 };
        this.#listen();
    }

    #listen() {
        const { state, detail } = this;
        new ResizeObserver(() => this.#resize()).observe(this.box);
        state.on(["places"], () => this.#movePoints());
        state.on(["lit"], () => {
            this.renderer.setLit(state.lit);
            this.grid = null;
            this.lines.forget();
            this.#redraw(true);
        });
        state.on(["theme"], () => {
            if (state.colourings[state.colouring].isThemed) state.tell("colour");
        });
        state.on(["colour"], () => {
            this.renderer.setGlyphs(state.colours(this.index), state.data.ellipseShares);
            this.#redraw(true);
        });
        state.on(["view"], () => {
            detail.move();
            this.#redraw(true);
            this.box.classList.toggle("zoomed", !state.view.isWhole);
        });
        state.on(["theme", "density"], () => {
            this.lines.repaint();
            this.#redraw(true);
        });
        state.on(["hover", "pin"], () => this.#redraw(false));
        state.on(["mode"], () => this.box.classList.toggle("lassoing", state.isLasso));
        this.points.addEventListener("contextready", () => this.#redraw(true));
        this.renderer.setGlyphs(state.colours(this.index), state.data.ellipseShares);
        this.renderer.setLit(state.lit);
        this.renderer.setPlaces(this.from, this.to);
        this.#movePoints();
    }

    #resize() {
        const { clientWidth, clientHeight } = this.box;
        if (clientWidth === 0 || clientHeight === 0) return;
        this.width = clientWidth;
        this.height = clientHeight;
        this.lines.repaint();
        for (const canvas of [this.points, this.lines.canvas, this.marks]) {
            canvas.width = Math.round(clientWidth * devicePixelRatio);
            canvas.height = Math.round(clientHeight * devicePixelRatio);
        }
        this.#redraw(true);
        this.draw();
    }

    #movePoints() {
        const { from, to, share, label } = this.state.places(this.index);
        if (this.from !== from.xy || this.to !== to.xy) {
            this.renderer.setPlaces(from.xy, to.xy);
            [this.from, this.to] = [from.xy, to.xy];
        }
        this.share = share;
        this.halfWidth = from.halfWidth * (1 - share) + to.halfWidth * share;
        this.halfHeight = from.halfHeight * (1 - share) + to.halfHeight * share;
        this.isMoved = true;
        this.detail.move();
        this.grid = null;
        this.lines.forget();
        if (this.name.textContent !== label) this.name.textContent = label;
        this.#redraw(true);
    }

    /** @param {boolean} withPoints */
    #redraw(withPoints) {
        this.isDue.marks = true;
        this.isDue.points ||= withPoints;
    }

    // MARK: - Places

    /** Current positions of all points, N × 2 in map coordinates. O(points) if they have moved since the last call. */
    get currentPlaces() {
        if (this.isMoved) {
            this.xy = placesBetween(this.from, this.to, this.share);
            this.isMoved = false;
        }
        return this.xy;
    }

    get projection() {
        return new Projection(this.state.view, this.width, this.height, this.halfWidth, this.halfHeight);
    }

    /**
     * A sample's position in CSS pixels of the panel; NaN if it has none.
     * @param {number} sample @returns {[number, number]}
     */
    pixel(sample) {
        const { scale, centreX, centreY } = this.projection;
        const xy = this.currentPlaces;
        return [centreX + scale * xy[2 * sample], centreY - scale * xy[2 * sample + 1]];
    }

    /**
     * Converts CSS pixels of the panel to map coordinates.
     * @param {number} x @param {number} y @returns {[number, number]}
     */
    place(x, y) {
        const { scale, centreX, centreY } = this.projection;
        return [(x - centreX) / scale, (centreY - y) / scale];
    }

    get #litPoints() {
        this.grid ??= new PointGrid(this.currentPlaces, this.state.lit);
        return this.grid;
    }

    /**
     * Hit test in CSS pixels of the panel: the nearest sample that is not filtered out, or −1 if none is within reach.
     * @param {number} x @param {number} y @param {boolean} [isFinger]
     */
    sample(x, y, isFinger = false) {
        const start = performance.now();
        const pixels = isFinger ? reach.finger : reach.mouse;
        const sample = this.#litPoints.nearest(...this.place(x, y), pixels / this.projection.scale);
        this.spent.pick = performance.now() - start;
        return sample;
    }

    /** The samples inside the lasso that are not filtered out. */
    get lassoed() { return this.#litPoints.within(this.lasso); }

    /** The samples in the viewport that are not filtered out. */
    get visible() {
        const [left, top] = this.place(0, 0);
        const [right, bottom] = this.place(this.width, this.height);
        return this.#litPoints.inside(left, right, bottom, top);
    }

    /** The sample nearest to the panel's centre that is not filtered out; −1 if none is within the panel's longer side. */
    get middleSample() {
        const far = Math.max(this.width, this.height) / this.projection.scale;
        return this.#litPoints.nearest(...this.place(this.width / 2, this.height / 2), far);
    }

    /**
     * The nearest neighbours of a sample, nearest first: in the feature space if known (`isOfSpace`), otherwise on the map
     * among the samples that are not filtered out.
     * @param {number} sample @param {number} count
     * @returns {{samples: number[], isOfSpace: boolean}}
     */
    nearestTo(sample, count) {
        const { neighbors } = this.state.data.panels[this.index];
        if (!neighbors) return { samples: this.#litPoints.nearestTo(sample, count), isOfSpace: false };
        const each = neighbors.length / this.state.data.count;
        return { samples: [...neighbors.subarray(sample * each, sample * each + Math.min(each, count))], isOfSpace: true };
    }

    // MARK: - Drawing

    /** Of a circle, in CSS pixels. Grows with √zoom; at zoom 1, all glyphs cover a fixed share of the panel, within limits. */
    get radius() {
        const side = Math.min(this.width, this.height);
        const even = side * Math.sqrt(0.22 / (Math.PI * Math.max(this.state.data.count, 1)));
        return Math.min(Math.min(Math.max(even, 0.9), 5) * Math.sqrt(Math.max(this.state.view.zoom, 1)), 18);
    }

    /** Redraws what has changed since the last call. Call this in each frame. */
    draw() {
        if (this.width === 0 || !this.isDue.marks) return;
        const start = performance.now();
        const { state, projection } = this;
        const count = Math.max(state.data.count, 1);
        const most = this.detail.isResting ? count : Math.min(this.detail.budget, count);
        if (this.isDue.points) {
            const pixels = devicePixelRatio;
            // Enlarge points a little if some are left out, so that dense areas still look dense.
            const radius = this.radius * Math.min(Math.sqrt(count / most), 1.6);
            this.renderer.draw({
                share: this.share, scale: projection.scale * pixels, centreX: projection.centreX * pixels,
                centreY: projection.centreY * pixels, radius: radius * pixels, isDark: state.isDark,
                opacity: Math.min(Math.max(1.15 - 0.1 * Math.log10(count / 100), 0.7), 1),
                hasDim: state.litCount < state.data.count, most,
            });
        }
        this.#drawMarks();
        const opacity = state.hasDensity ? 1 - Math.log2(Math.max(state.view.zoom, 1)) / 2.5 : 0;
        const hasLines = this.lines.draw(
            projection, opacity, this.detail.isResting, () => densityLines(this.currentPlaces, state.lit));
        // Draw what was left out during movement once the maps are at rest.
        this.isDue = { points: most < count, marks: most < count || !hasLines };
        this.spent.draw = performance.now() - start;
    }

    #drawMarks() {
        const context = /** @type {CanvasRenderingContext2D} */ (this.marks.getContext("2d"));
        context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
        context.clearRect(0, 0, this.width, this.height);
        const style = getComputedStyle(this.box);
        const [ink, paper] = [style.getPropertyValue("--ink"), style.getPropertyValue("--paper")];
        this.#drawNeighbours(context, ink, paper);
        if (this.lasso.length > 2) this.#drawLasso(context, style.getPropertyValue("--accent"));
        for (const [sample, width] of [[this.state.pinned, 2.5], [this.state.hovered, 1.75]]) {
            if (sample < 0) continue;
            const [x, y] = this.pixel(sample);
            if (Number.isNaN(x)) continue;
            const radius = Math.max(this.radius * 1.45, 5) + 3;
            for (const [colour, line] of /** @type {[string, number][]} */ ([[paper, width + 3], [ink, width]])) {
                context.strokeStyle = colour;
                context.lineWidth = line;
                context.beginPath();
                context.arc(x, y, radius, 0, 2 * Math.PI);
                if (sample === this.state.pinned) {
                    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
                        context.moveTo(x + dx * (radius + 3), y + dy * (radius + 3));
                        context.lineTo(x + dx * (radius + 11), y + dy * (radius + 11));
                    }
                }
                context.stroke();
            }
        }
    }

    /**
     * Draws small rings around the nearest neighbours of the pinned sample.
     * @param {CanvasRenderingContext2D} context @param {string} ink @param {string} paper
     */
    #drawNeighbours(context, ink, paper) {
        const { pinned } = this.state;
        if (pinned < 0) return;
        const radius = Math.max(this.radius * 1.3, 3) + 1.5;
        for (const sample of this.nearestTo(pinned, shownNeighbours).samples) {
            const [x, y] = this.pixel(sample);
            if (Number.isNaN(x)) continue;
            for (const [colour, line] of /** @type {[string, number][]} */ ([[paper, 3], [ink, 1]])) {
                context.strokeStyle = colour;
                context.lineWidth = line;
                context.beginPath();
                context.arc(x, y, radius, 0, 2 * Math.PI);
                context.stroke();
            }
        }
    }

    /** @param {CanvasRenderingContext2D} context @param {string} accent */
    #drawLasso(context, accent) {
        const { scale, centreX, centreY } = this.projection;
        context.beginPath();
        for (let at = 0; at < this.lasso.length; at += 2) {
            context.lineTo(centreX + scale * this.lasso[at], centreY - scale * this.lasso[at + 1]);
        }
        context.closePath();
        context.fillStyle = accent;
        context.globalAlpha = 0.12;
        context.fill();
        context.globalAlpha = 1;
        context.strokeStyle = accent;
        context.lineWidth = 1.5;
        context.setLineDash([5, 3]);
        context.stroke();
        context.setLineDash([]);
    }

    /**
     * Shows a lasso; an empty one hides it.
     * @param {number[]} lasso Corners as x, y pairs in map coordinates.
     */
    setLasso(lasso) {
        this.lasso = lasso;
        this.#redraw(false);
    }
}
