// @ts-check
// How many points are drawn while maps move: as many as this machine manages fluently.

/** Frames further apart than this many milliseconds are too slow, closer ones leave room for more. */
const [slow, fast] = [45, 22];

const [least, most] = [15_000, 1_000_000];

/** Maps count as at rest so many milliseconds, and so many frames, after they last moved: slow frames are no rest. */
const [restAfter, restFrames] = [140, 3];

/** The level of detail, shared by all maps. */
export class Detail {
    constructor() {
        /** So many points are drawn while maps move. */
        this.budget = 60_000;
        this.movedAt = -Infinity;
        this.framesSince = restFrames;
        this.lastFrame = 0;
        this.wasMoving = false;
    }

    /** To be called when maps move. */
    move() {
        this.movedAt = performance.now();
        this.framesSince = 0;
    }

    get isResting() {
        return this.framesSince >= restFrames && performance.now() - this.movedAt >= restAfter;
    }

    /**
     * To be called in each frame: between two frames of one movement the time says whether fewer points or more are due.
     * @param {number} now
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
