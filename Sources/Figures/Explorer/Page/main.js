// @ts-check
// Builds the page. `#canvas` in the URL forces drawing without WebGL2, for browsers that claim to support it but fail.

import { SampleCard } from "./card.js";
import { ChangedList } from "./changed.js";
import { ExplorerData } from "./data.js";
import { densityLines } from "./density.js";
import { Detail } from "./detail.js";
import { showMeanings } from "./explain.js";
import { Gestures } from "./gestures.js";
import { listenToKeys, showKeys, showWords } from "./keys.js";
import { showClasses } from "./legend.js";
import { Link, isPlain } from "./link.js";
import { neighbourStrips } from "./neighbours.js";
import { Panel } from "./panel.js";
import { announce, part } from "./parts.js";
import { FilmControl, MorphControl } from "./players.js";
import { showRanges } from "./ranges.js";
import { Search } from "./search.js";
import { showSelection } from "./selection.js";
import { ExplorerState } from "./state.js";
import { showVerdict, showWordsOfPage } from "./verdict.js";

const data = await ExplorerData.read(document).catch((error) => {
    part("loading").textContent = "This page does not work here: it needs a browser from 2023 or later.";
    throw error;
});
part("loading").hidden = true;
const state = new ExplorerState(data);

showMeanings(data.explanations);

// MARK: - Maps

const detail = new Detail();
const panels = data.panels.map((_, index) => new Panel(state, index, isPlain(), detail));
const gesturesOfPanels = panels.map((panel) => new Gestures(panel, state));
part("maps").append(...panels.map(({ element }) => element));
part("maps").dataset.count = String(panels.length);

/**
 * Redraws the panels that need it, then schedules itself for the next animation frame.
 * @param {number} [now]
 */
function drawEachFrame(now = performance.now()) {
    detail.frame(now);
    for (const panel of panels) panel.draw();
    requestAnimationFrame(drawEachFrame);
}

// MARK: - Words

showWordsOfPage(data);
showVerdict(data);
showWords(data.explanations);

// MARK: - Parts

showClasses(state);
showRanges(state);
showSelection(state);
const changed = new ChangedList(state);
const search = new Search(state);
const morph = new MorphControl(state);
const film = new FilmControl(state);

const hoverCard = new SampleCard(part("hover"), data, 112, false);
state.on(["hover", "places", "view"], () => {
    const { hovered, hoveredPanel } = state;
    part("hover").hidden = hovered < 0 || hoveredPanel < 0;
    if (hovered < 0 || hoveredPanel < 0) return;
    hoverCard.show(hovered);
    placeBeside(part("hover"), panels[hoveredPanel], hovered);
});

/**
 * Positions the card beside a sample's point, inside the window, where it covers none of the sample's points on any map.
 * If no such position is free, the card goes to the right of the point and may cover others.
 * @param {HTMLElement} card @param {Panel} panel @param {number} sample
 */
function placeBeside(card, panel, sample) {
    const points = panels.map((one) => {
        const box = one.box.getBoundingClientRect();
        const [x, y] = one.pixel(sample);
        return [box.left + x, box.top + y];
    });
    const [x, y] = points[panels.indexOf(panel)];
    const { offsetWidth: width, offsetHeight: height } = card;
    const gap = panel.radius + 18;
    const [right, bottom] = [innerWidth - width - 8, innerHeight - height - 8];
    const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(Math.min(value, most), 8);
    const [middleX, middleY] = [within(x - width / 2, right), within(y - height / 2, bottom)];
    // Candidates in order: right, left, below and above the point, then the corners of the window.
    const places = [
        [x + gap, middleY], [x - gap - width, middleY], [middleX, y + gap], [middleX, y - gap - height],
        [right, 8], [8, 8], [right, bottom], [8, bottom],
    ];
    const isFree = (/** @type {number[]} */ [left, top]) => left >= 8 && left <= right && top >= 8 && top <= bottom
        && points.every(([a, b]) => {
            // The comparisons are false for NaN: a point without a position blocks nothing.
            return !(a > left - 12 && a < left + width + 12 && b > top - 12 && b < top + height + 12);
        });
    const [left, top] = places.find(isFree) ?? [within(x + gap, right), middleY];
    card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

const pinnedCard = new SampleCard(part("pinned"), data, 72, true);

function showPinned() {
    const { pinned } = state;
    part("sample").hidden = pinned < 0;
    if (pinned < 0) return;
    pinnedCard.show(pinned);
    part("pinned").append(neighbourStrips(state, panels));
}

state.on(["pin"], () => {
    const { pinned } = state;
    showPinned();
    announce(pinned < 0 ? "" : `${data.id(pinned)}, majority class ${data.className(data.majorities[pinned])}`);
    if (pinned < 0) return;
    const isSeen = panels.every((panel) => {
        const [x, y] = panel.pixel(pinned);
        return Number.isNaN(x) || (x > 0 && y > 0 && x < panel.width && y < panel.height);
    });
    if (!isSeen) resetView();
    keepInSight();
});

/** In narrow windows, scrolls as far as possible to keep the fixed sample sheet from covering the pinned sample's points. */
function keepInSight() {
    const sheet = part("sample").getBoundingClientRect();
    if (getComputedStyle(part("sample")).position !== "fixed") return;
    const own = state.pinnedPanel < 0 ? panels : [panels[state.pinnedPanel]];
    const heights = own.map((panel) => panel.box.getBoundingClientRect().top + panel.pixel(state.pinned)[1])
        .filter((height) => !Number.isNaN(height));
    const hidden = Math.max(...heights) - (sheet.top - 36);
    const room = Math.min(...heights) - 36;
    if (hidden > 0 && room > 0) scrollBy(0, Math.min(hidden, room));
}

part("unpin").addEventListener("click", () => state.pin(-1));

// MARK: - Light and dark

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** @param {boolean} isDark */
function setDark(isDark) {
    state.isDark = isDark;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    part("dark").setAttribute("aria-pressed", String(isDark));
    state.tell("theme");
}

prefersDark.addEventListener("change", () => setDark(prefersDark.matches));
setDark(prefersDark.matches);

const link = new Link(state);

// MARK: - Commands

function resetView() {
    state.view.reset();
    state.tell("view");
}

/** @param {number} factor */
function zoom(factor) {
    state.view.zoomBy(factor, 0, 0);
    state.tell("view");
}

/** @param {boolean} isLasso */
function setLasso(isLasso) {
    state.isLasso = isLasso;
    part("lasso").setAttribute("aria-pressed", String(isLasso));
    state.tell("mode");
}

/** @param {boolean} hasDensity */
function setDensity(hasDensity) {
    state.hasDensity = hasDensity;
    state.tell("density");
}

state.on(["density"], () => part("density").setAttribute("aria-pressed", String(state.hasDensity)));
part("density").setAttribute("aria-pressed", String(state.hasDensity));

/** Selects the samples in the viewport of the focused map, or else of the first map, that are not filtered out. */
function selectVisible() {
    const panel = panels.find(({ box }) => box === document.activeElement) ?? panels[0];
    if (panel) state.select(panel.visible, false);
}

/** Copies the URL of this view to the clipboard. If that is not allowed, refers the reader to the address bar. */
async function copyLink() {
    link.write();
    const cut = link.isCut ? " The selection is too large for a link and is left out." : "";
    try {
        await navigator.clipboard.writeText(location.href);
        say(`The link to this view has been copied.${cut}`);
    } catch {
        say(`The address of this page is the link to this view.${cut}`);
    }
}

/**
 * Shows `text` as a toast for 4 s and announces it to screen readers.
 * @param {string} text
 */
function say(text) {
    announce(text);
    part("toast").textContent = text;
    part("toast").hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { part("toast").hidden = true; }, 4000);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/** Undoes the first of these that applies: a lasso in progress, the pinned sample, the selection, the filters, lasso mode. */
function escape() {
    if (gesturesOfPanels.map((gestures) => gestures.abandonLasso()).includes(true)) return;
    if (state.pinned >= 0) state.pin(-1);
    else if (state.selection) state.clearSelection();
    else if (state.isFiltered) state.clearFilters();
    else if (state.isLasso) setLasso(false);
}

function play() {
    if (film.isThere) film.player.toggle();
    else if (morph.isThere) morph.player.toggle();
}

part("lasso").addEventListener("click", () => setLasso(!state.isLasso));
part("reset").addEventListener("click", resetView);
part("dark").addEventListener("click", () => setDark(!state.isDark));
part("help").addEventListener("click", showKeys);
part("density").addEventListener("click", () => setDensity(!state.hasDensity));
part("link").addEventListener("click", copyLink);

listenToKeys([
    { keys: ["?"], shown: "?", does: "show this table", run: showKeys },
    { keys: ["/"], shown: "/", does: "search ids, classes and columns", run: () => search.field.select() },
    { keys: ["l"], shown: "L", does: "switch between drawing a lasso and panning", run: () => setLasso(!state.isLasso) },
    {
        keys: ["Escape"], shown: "Esc", does: "clear the lasso, the pinned sample, the selection, the filters",
        run: escape,
    },
    {
        keys: ["n", "ArrowDown", "ArrowRight"], shown: "N, → or ↓", does: "next in “what changed most”",
        run: () => changed.step(1),
    },
    {
        keys: ["p", "ArrowUp", "ArrowLeft"], shown: "P, ← or ↑", does: "previous in “what changed most”",
        run: () => changed.step(-1),
    },
    { keys: [" "], shown: "Space", does: "play or pause the film; without one, the morph", run: play },
    {
        keys: ["m"], shown: "M", does: "turn one map into the other, or back",
        run: () => morph.isThere && morph.player.toggle(),
    },
    { keys: ["+", "="], shown: "+", does: "zoom in", run: () => zoom(1.4) },
    { keys: ["-"], shown: "−", does: "zoom out", run: () => zoom(1 / 1.4) },
    { keys: ["0"], shown: "0", does: "show the whole maps", run: resetView },
    { keys: ["c"], shown: "C", does: "next colouring", run: nextColouring },
    { keys: ["g"], shown: "G", does: "show or hide density contours", run: () => setDensity(!state.hasDensity) },
    { keys: ["s"], shown: "S", does: "select what is in view on the map", run: selectVisible },
    { keys: ["k"], shown: "K", does: "copy a link to this view", run: copyLink },
    { keys: ["e"], shown: "E", does: "export the selection as CSV", run: () => part("export").click() },
    { keys: ["d"], shown: "D", does: "switch between light and dark", run: () => setDark(!state.isDark) },
]);

function nextColouring() {
    state.setColouring((state.colouring + 1) % state.colourings.length);
}

/**
 * For tests. A panel's `pixel(sample)` is the sample's position in pixels of the element `box`; its `spent` holds the
 * milliseconds taken by the last draw and the last hit test.
 */
Object.assign(window, { penumbraExplorer: { state, panels, link, densityLines } });

drawEachFrame();
