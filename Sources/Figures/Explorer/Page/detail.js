// @ts-check
// Level of detail: while maps move, draws only as many points as this machine can draw smoothly.

/** Milliseconds between frames: above `slow`, draw fewer points; below `fast`, draw more. */
const [slow, fast] = [45, 22];

const [least, most] = [15_000, 1_000_000];

/** Maps are at rest once this many milliseconds and frames have passed since they moved; slow frames alone are no rest. */
const [restAfter, restFrames] = [140, 3];

/** Measures frame times and adapts the number of points. Shared by all maps. */
export class Detail {
    constructor() {
        /** Maximum number of points drawn per map while maps move. */
        this.budget = 60_000;
        this.movedAt = -Infinity;
        this.framesSince = restFrames;
        this.lastFrame = 0;
        this.wasMoving = false;
    }

    /** Call this when maps move. */
    move() {
        this.movedAt = performance.now();
        this.framesSince = 0;
    }

    get isResting() {
        return this.framesSince >= restFrames && performance.now() - this.movedAt >= restAfter;
    }

    /**
     * Call this once per frame. Adapts `budget` to the time between two frames of the same movement.
     * @param {number} now In milliseconds.
     */
    frame(now) {
        this.framesSince += 1;
        const isMoving = !this.isResting;
        const passed = now - this.lastFrame;
        if (isMoving && this.wasMoving) {
            if (passed > slow) this.budget = Math.max(this.budget * 0.7, least);
            else if (passed < fast) this.budget = Math.min(this.budget * 1.1, most);
        }
        this.wasMoving = isMoving;
        this.lastFrame = now;
    }
}
