// @ts-check
// Pointer gestures on a map. Mouse: hover, click, drag, wheel. Touch: tap, drag, pinch, long press to draw a lasso.

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./state.js").ExplorerState} ExplorerState */

/** A press that moves at most this many CSS pixels is a click. */
const clickReach = { mouse: 4, finger: 10 };

/** How long a finger must rest to start a lasso, in milliseconds. */
const longPress = 420;

/** Handles pointer and keyboard events on one panel. */
export class Gestures {
    /** @param {Panel} panel @param {ExplorerState} state */
    constructor(panel, state) {
        this.panel = panel;
        this.state = state;
        /** @type {Map<number, [number, number]>} Pressed pointers by id, with their positions in CSS pixels of the panel. */
        this.pressed = new Map();
        /** @type {"none" | "pan" | "lasso"} */
        this.drag = "none";
        this.hasMoved = false;
        this.isAdding = false;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.pressTimer = undefined;
        const { box } = panel;
        box.addEventListener("pointerdown", (event) => this.#press(event));
        box.addEventListener("pointermove", (event) => this.#move(event));
        box.addEventListener("pointerup", (event) => this.#release(event));
        box.addEventListener("pointercancel", (event) => this.#cancel(event));
        box.addEventListener("pointerleave", () => state.hover(-1, -1));
        // Drawing a lasso must not scroll the page, and a long press must not open a menu.
        box.addEventListener("touchmove", (event) => {
            if (this.drag === "lasso" && event.cancelable) event.preventDefault();
        }, { passive: false });
        box.addEventListener("contextmenu", (event) => {
            if (/** @type {PointerEvent} */ (event).pointerType !== "mouse") event.preventDefault();
        });
        box.addEventListener("dblclick", () => this.#changeView(() => state.view.reset()));
        box.addEventListener("wheel", (event) => {
            event.preventDefault();
            const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
            this.#zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), ...this.#pixel(event));
        }, { passive: false });
        box.addEventListener("keydown", (event) => this.#key(event));
    }

    /** @param {MouseEvent} event @returns {[number, number]} */
    #pixel(event) {
        const box = this.panel.box.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    }

    /** @param {PointerEvent} event */
    #press(event) {
        if (event.button !== 0) return;
        this.panel.box.setPointerCapture(event.pointerId);
        const pixel = this.#pixel(event);
        this.pressed.set(event.pointerId, pixel);
        clearTimeout(this.pressTimer);
        if (this.pressed.size > 1) {
            this.#endLasso(false);
            this.drag = "pan";
            this.hasMoved = true;
            return;
        }
        this.start = pixel;
        this.hasMoved = false;
        this.isAdding = event.shiftKey;
        this.drag = this.state.isLasso || event.shiftKey ? "lasso" : "pan";
        if (this.drag === "lasso") this.panel.setLasso([...this.panel.place(...pixel)]);
        else if (event.pointerType === "touch") this.pressTimer = setTimeout(() => this.#beginLasso(), longPress);
    }

    /** Starts a lasso after a long press. */
    #beginLasso() {
        if (this.hasMoved || this.pressed.size !== 1 || !this.start) return;
        this.drag = "lasso";
        this.isAdding = this.state.selection !== null;
        this.panel.setLasso([...this.panel.place(...this.start)]);
        this.panel.box.classList.add("lassoing");
        navigator.vibrate?.(12);
    }

    /** @param {PointerEvent} event */
    #move(event) {
        const pixel = this.#pixel(event);
        const before = this.pressed.get(event.pointerId);
        if (!before) {
            if (event.pointerType !== "touch") this.state.hover(this.panel.sample(...pixel), this.panel.index);
            return;
        }
        const [startX, startY] = this.start ?? pixel;
        const slack = event.pointerType === "touch" ? clickReach.finger : clickReach.mouse;
        this.hasMoved ||= Math.hypot(pixel[0] - startX, pixel[1] - startY) > slack;
        if (!this.hasMoved) return;
        clearTimeout(this.pressTimer);
        this.state.hover(-1, -1);
        if (this.pressed.size === 2) {
            this.#pinch(event.pointerId, pixel);
        } else if (this.drag === "lasso") {
            this.panel.setLasso([...this.panel.lasso, ...this.panel.place(...pixel)]);
        } else if (this.drag === "pan") {
            const { unit } = this.panel.projection;
            const [dx, dy] = [(pixel[0] - before[0]) / unit, (before[1] - pixel[1]) / unit];
            this.#changeView(() => this.state.view.moveBy(dx, dy));
        }
        this.pressed.set(event.pointerId, pixel);
    }

    /**
     * Zooms by the change of the distance between two fingers, about the one that did not move.
     * @param {number} moving @param {[number, number]} pixel
     */
    #pinch(moving, pixel) {
        const resting = [...this.pressed].find(([pointer]) => pointer !== moving)?.[1];
        const before = this.pressed.get(moving);
        if (!resting || !before) return;
        const distance = (/** @type {[number, number]} */ to) => Math.hypot(to[0] - resting[0], to[1] - resting[1]);
        this.#zoom(distance(pixel) / Math.max(distance(before), 1), ...resting);
    }

    /** @param {PointerEvent} event */
    #release(event) {
        clearTimeout(this.pressTimer);
        if (!this.pressed.delete(event.pointerId)) return;
        const wasLongPress = this.drag === "lasso" && !this.state.isLasso && event.pointerType === "touch";
        if (this.drag === "lasso") this.#endLasso(this.hasMoved);
        if (!this.hasMoved && !wasLongPress) {
            const sample = this.panel.sample(...this.#pixel(event), event.pointerType === "touch");
            this.state.pin(sample, this.panel.index);
        }
        if (this.pressed.size === 0) this.drag = "none";
    }

    /** @param {PointerEvent} event */
    #cancel(event) {
        clearTimeout(this.pressTimer);
        this.pressed.delete(event.pointerId);
        this.#endLasso(false);
        this.drag = "none";
    }

    /** @param {boolean} isTaken Whether to select the enclosed samples. */
    #endLasso(isTaken) {
        const samples = isTaken ? this.panel.lassoed : [];
        this.panel.setLasso([]);
        this.panel.box.classList.toggle("lassoing", this.state.isLasso);
        if (samples.length > 0) this.state.select(samples, this.isAdding);
    }

    /** Cancels a lasso in progress. Returns whether there was one. */
    abandonLasso() {
        const wasDrawing = this.drag === "lasso";
        if (wasDrawing) {
            this.panel.setLasso([]);
            this.drag = "none";
            this.hasMoved = true;
        }
        return wasDrawing;
    }

    // MARK: - View

    /** @param {() => void} change */
    #changeView(change) {
        change();
        this.state.tell("view");
    }

    /**
     * Zooms about a position in CSS pixels of the panel.
     * @param {number} factor @param {number} x @param {number} y
     */
    #zoom(factor, x, y) {
        const { unit } = this.panel.projection;
        this.#changeView(() => this.state.view.zoomBy(
            factor, (x - this.panel.width / 2) / unit, (this.panel.height / 2 - y) / unit));
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const { view } = this.state;
        if (event.key === "Enter") {
            event.preventDefault();
            this.state.pin(this.panel.middleSample, this.panel.index);
            return;
        }
        /** @type {Record<string, () => void>} */
        const changes = {
            ArrowLeft: () => view.moveBy(0.2, 0), ArrowRight: () => view.moveBy(-0.2, 0),
            ArrowUp: () => view.moveBy(0, -0.2), ArrowDown: () => view.moveBy(0, 0.2),
        };
        const change = changes[event.key];
        if (!change) return;
        event.preventDefault();
        this.#changeView(change);
    }
}
