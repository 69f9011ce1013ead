// @ts-check
// Points as point sprites whose fragments follow the distance to an ellipse. Not as instances of a square: browsers
// without a GPU draw these one by one.

/**
 * What is drawn, and how. Pixels are those of the canvas, y downwards.
 * @typedef {object} Drawing
 * @property {number} share How far all points have gone from their first place to their second, 0…1.
 * @property {number} scale Pixels a unit of the map.
 * @property {number} centreX Where the map's origin lies.
 * @property {number} centreY
 * @property {number} radius Of a circle; ellipses have its area.
 * @property {number} opacity 0…1.
 * @property {boolean} isDark
 * @property {boolean} hasDim Whether any point is dimmed.
 * @property {number} most Draws so many points at most: the first of the order, a random choice.
 */

/** The opacity of points that filters or the selection leave out, of that of the others. */
export const dimOpacity = 0.13;

/** Of more points than this that are this small nobody sees whether they are round, and squares are drawn faster. */
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

// Coverage by the distance to first order, k(k − 1) / |∇k| with k² = (x/a)² + (y/b)², as in print.
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

/** Draws the points of one map in WebGL2. */
export class WebGLRenderer {
    /**
     * A renderer, or null where the browser has no WebGL2.
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
        /** @type {Map<string, Float32Array | Uint8Array>} What lies in the buffers, for when a context was lost. */
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
     * The first and the second place of each point, N × 2.
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
            // A place that is missing lies far outside, since shaders need not know NaN.
            const isThere = xy[2 * sample] === xy[2 * sample];
            result[2 * index] = isThere ? xy[2 * sample] : 1e9;
            result[2 * index + 1] = isThere ? xy[2 * sample + 1] : 1e9;
        }
        return result;
    }

    /**
     * Which points are not dimmed.
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
        // A sprite is left out where its middle lies outside the viewport, which is therefore wider than the canvas.
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
        // Outlines would swallow the smallest glyphs.
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
