// @ts-check
// Draws points as point sprites; the fragment shader computes coverage from the distance to an ellipse. Instanced squares
// would be slow without a GPU, where browsers draw them one by one.

/**
 * Parameters of a draw. Lengths are in device pixels of the canvas, y downwards.
 * @typedef {object} Drawing
 * @property {number} share Interpolates between the first positions (0) and the second ones (1).
 * @property {number} scale Pixels per unit of map coordinates.
 * @property {number} centreX Position of the map's origin.
 * @property {number} centreY
 * @property {number} radius Of a circle; ellipses have the same area.
 * @property {number} opacity 0…1.
 * @property {boolean} isDark
 * @property {boolean} hasDim Whether any point is dimmed.
 * @property {number} most Maximum number of points: draws the first ones in drawing order, a random subset.
 */

/** Opacity of dimmed points relative to the others. Points are dimmed if filtered out or not in the selection. */
export const dimOpacity = 0.13;

/** More points than this with a smaller radius than this are drawn as squares: faster, and nobody sees the difference. */
const [mostRound, smallRadius] = [200_000, 2];

const vertexSource = `#version 300 es
in vec2 from;
in vec2 to;
in vec4 glyph;
in float lit;
uniform vec2 scale, centre;
uniform float share, radius, wanted, outline, plain;
flat out float reach;
flat out vec2 axes;
flat out vec3 fill;
void main() {
    float root = sqrt(1.0 + glyph.a);
    axes = radius * vec2(root, 1.0 / root);
    reach = axes.x + outline + 1.0;
    fill = glyph.rgb;
    gl_PointSize = plain > 0.5 ? max(1.77 * radius, 1.0) : 2.0 * reach;
    vec2 place = mix(from, to, share) * scale + centre;
    gl_Position = lit == wanted ? vec4(place, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}`;

// Coverage from the first-order distance k(k − 1) / |∇k| with k² = (x/a)² + (y/b)², as in `GlyphRasteriser.swift`.
const fragmentSource = `#version 300 es
precision highp float;
flat in float reach;
flat in vec2 axes;
flat in vec3 fill;
uniform float opacity, outline, darkness, plain;
out vec4 colour;
float coverage(vec2 offset, vec2 half_axes) {
    vec2 u = offset / half_axes;
    float k = length(u);
    float slope = length(u / half_axes);
    return clamp(0.5 - (slope > 0.0 ? k * (k - 1.0) / slope : -half_axes.y), 0.0, 1.0);
}
void main() {
    if (plain > 0.5) {
        colour = vec4(fill, 1.0) * opacity;
        return;
    }
    vec2 offset = (2.0 * gl_PointCoord - 1.0) * reach;
    float whole = coverage(offset, axes + outline);
    float inside = min(coverage(offset, max(axes - outline, 0.01)), whole);
    vec3 edge = darkness > 0.5 ? mix(fill, vec3(1.0), 0.28) : fill * 0.62;
    colour = vec4(fill * inside + edge * (whole - inside), whole) * opacity;
    if (colour.a <= 0.0) discard;
}`;

/** Draws the points of one map with WebGL2. Buffers are in drawing order; arguments are in sample order. */
export class WebGLRenderer {
    /**
     * Creates a renderer, or returns null if the browser has no WebGL2.
     * @param {HTMLCanvasElement} canvas @param {Uint32Array} order
     */
    static create(canvas, order) {
        const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, premultipliedAlpha: true });
        return gl && new WebGLRenderer(canvas, gl, order);
    }

    /** @param {HTMLCanvasElement} canvas @param {WebGL2RenderingContext} gl @param {Uint32Array} order */
    constructor(canvas, gl, order) {
        this.canvas = canvas;
        this.gl = gl;
        this.order = order;
        /** @type {Map<string, Float32Array | Uint8Array>} Copies of the buffers, to restore them after a lost context. */
        this.contents = new Map();
        /** @type {Map<string, WebGLBuffer | null>} */
        this.buffers = new Map();
        /** @type {Record<string, WebGLUniformLocation | null>} */
        this.uniforms = {};
        this.#prepare();
        canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
        canvas.addEventListener("webglcontextrestored", () => {
            this.#prepare();
            for (const [name, content] of this.contents) this.#upload(name, content);
            canvas.dispatchEvent(new Event("contextready"));
        });
    }

    #prepare() {
        const gl = this.gl;
        const program = /** @type {WebGLProgram} */ (gl.createProgram());
        for (const [type, source] of /** @type {const} */ ([
            [gl.VERTEX_SHADER, vertexSource], [gl.FRAGMENT_SHADER, fragmentSource],
        ])) {
            const shader = /** @type {WebGLShader} */ (gl.createShader(type));
            gl.shaderSource(shader, source);
            gl.compileShader(shader);
            gl.attachShader(program, shader);
        }
        gl.linkProgram(program);
        if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
            throw new Error(gl.getProgramInfoLog(program) ?? "the shaders do not link");
        }
        gl.useProgram(program);
        const names = ["scale", "centre", "share", "radius", "wanted", "opacity", "outline", "darkness", "plain"];
        this.uniforms = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)]));
        gl.bindVertexArray(gl.createVertexArray());
        for (const [name, size, type, isNormalized] of /** @type {const} */ ([
            ["from", 2, gl.FLOAT, false], ["to", 2, gl.FLOAT, false], ["glyph", 4, gl.UNSIGNED_BYTE, true],
            ["lit", 1, gl.UNSIGNED_BYTE, false],
        ])) {
            const location = gl.getAttribLocation(program, name);
            const buffer = gl.createBuffer();
            this.buffers.set(name, buffer);
            gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
            gl.enableVertexAttribArray(location);
            gl.vertexAttribPointer(location, size, type, isNormalized, 0, 0);
        }
        gl.enable(gl.BLEND);
        gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    }

    /** @param {string} name @param {Float32Array | Uint8Array} content */
    #upload(name, content) {
        this.contents.set(name, content);
        this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers.get(name) ?? null);
        this.gl.bufferData(this.gl.ARRAY_BUFFER, content, this.gl.DYNAMIC_DRAW);
    }

    /** @param {Uint8Array} colours N × 3 @param {Float32Array | null} ellipseShares */
    setGlyphs(colours, ellipseShares) {
        const bytes = new Uint8Array(4 * this.order.length);
        for (let index = 0; index < this.order.length; index += 1) {
            const sample = this.order[index];
            bytes[4 * index] = colours[3 * sample];
            bytes[4 * index + 1] = colours[3 * sample + 1];
            bytes[4 * index + 2] = colours[3 * sample + 2];
            bytes[4 * index + 3] = ellipseShares ? Math.round(255 * ellipseShares[sample]) : 0;
        }
        this.#upload("glyph", bytes);
    }

    /**
     * Sets the first and second position of each point, N × 2; NaN for points without one.
     * @param {Float32Array} from @param {Float32Array} to
     */
    setPlaces(from, to) {
        this.#upload("from", this.#ordered(from));
        this.#upload("to", from === to ? this.contents.get("from") ?? new Float32Array() : this.#ordered(to));
    }

    /** @param {Float32Array} xy */
    #ordered(xy) {
        const result = new Float32Array(xy.length);
        for (let index = 0; index < this.order.length; index += 1) {
            const sample = this.order[index];
            // GLSL need not support NaN: move points without a position far outside the viewport.
            const isThere = xy[2 * sample] === xy[2 * sample];
            result[2 * index] = isThere ? xy[2 * sample] : 1e9;
            result[2 * index + 1] = isThere ? xy[2 * sample + 1] : 1e9;
        }
        return result;
    }

    /**
     * Sets which points have full opacity (1) and which are dimmed (0).
     * @param {Uint8Array} lit
     */
    setLit(lit) {
        const bytes = new Uint8Array(this.order.length);
        for (let index = 0; index < bytes.length; index += 1) bytes[index] = lit[this.order[index]];
        this.#upload("lit", bytes);
    }

    /** @param {Drawing} drawing */
    draw(drawing) {
        const { gl, uniforms, canvas } = this;
        // Sprites are clipped if their centre is outside the viewport, so the viewport extends beyond the canvas.
        const margin = Math.ceil(1.5 * drawing.radius) + 2;
        gl.viewport(-margin, -margin, canvas.width + 2 * margin, canvas.height + 2 * margin);
        gl.clearColor(0, 0, 0, 0);
        gl.clear(gl.COLOR_BUFFER_BIT);
        if (this.order.length === 0) return;
        const [width, height] = [canvas.width / 2 + margin, canvas.height / 2 + margin];
        gl.uniform2f(uniforms.scale, drawing.scale / width, drawing.scale / height);
        gl.uniform2f(
            uniforms.centre, (drawing.centreX + margin) / width - 1, 1 - (drawing.centreY + margin) / height);
        gl.uniform1f(uniforms.share, drawing.share);
        gl.uniform1f(uniforms.radius, drawing.radius);
        // The smallest glyphs have no outline: it would cover them.
        gl.uniform1f(uniforms.outline, Math.min(Math.max((drawing.radius - 1.2) * 0.2, 0), 0.6));
        gl.uniform1f(uniforms.darkness, drawing.isDark ? 1 : 0);
        const count = Math.min(drawing.most, this.order.length);
        gl.uniform1f(uniforms.plain, count > mostRound && drawing.radius < smallRadius ? 1 : 0);
        for (const wanted of drawing.hasDim ? [0, 1] : [1]) {
            gl.uniform1f(uniforms.wanted, wanted);
            gl.uniform1f(uniforms.opacity, drawing.opacity * (wanted === 1 ? 1 : dimOpacity));
            gl.drawArrays(gl.POINTS, 0, count);
        }
    }
}
