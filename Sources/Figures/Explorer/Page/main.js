// @ts-check
// Puts the page together. `#canvas` in the address draws without WebGL2, for browsers that claim to have it and fail.

import { SampleCard } from "./card.js";
import { ExplorerData } from "./data.js";
import { choice, part, showClasses, showRanges, showSelection } from "./filters.js";
import { Gestures } from "./gestures.js";
import { listenToKeys, showKeys } from "./keys.js";
import { ChangedList, Search } from "./lists.js";
import { Panel } from "./panel.js";
import { FilmControl, MorphControl } from "./players.js";
import { ExplorerState } from "./state.js";

const data = new ExplorerData(document);
const state = new ExplorerState(data);

// MARK: - Maps

const isPlain = location.hash.split(/[#&]/).includes("canvas");
const panels = data.panels.map((_, index) => new Panel(state, index, isPlain));
const gesturesOfPanels = panels.map((panel) => new Gestures(panel, state));
part("maps").append(...panels.map(({ element }) => element));
part("maps").dataset.count = String(panels.length);

/** Draws what is due, at most once in each frame of the screen. */
function drawEachFrame() {
    for (const panel of panels) panel.draw();
    requestAnimationFrame(drawEachFrame);
}

// MARK: - Words

document.title = data.title === "" ? "Penumbra explorer" : data.title;
part("title").textContent = document.title;
part("summary").textContent = [
    `${data.count.toLocaleString("en")} ${data.count === 1 ? "sample" : "samples"}`,
    `${data.classes.length} ${data.classes.length === 1 ? "class" : "classes"}`,
].join(" · ");

const notes = [...data.notes];
for (const { name, missing } of data.panels) {
    if (missing > 0) notes.push(`${missing.toLocaleString("en")} of ${data.count.toLocaleString("en")} samples have no `
        + `place in “\u2068${name}\u2069” (not finite) and are not drawn there.`);
}
if (data.panels.length === 0) notes.push("There is no map.");
else if (data.count === 0) notes.push("There are no samples.");
part("notes").replaceChildren(...notes.map(paragraph));

part("answer").hidden = data.answer.length === 0;
part("answer").replaceChildren(...data.answer.map(paragraph));
if (data.answerTable.length > 0) {
    const table = document.createElement("table");
    data.answerTable.forEach((cells, row) => {
        const line = table.insertRow();
        for (const text of cells) {
            const cell = document.createElement(row === 0 ? "th" : "td");
            cell.dir = "auto";
            cell.textContent = text;
            line.append(cell);
        }
    });
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Measure by measure";
    details.append(summary, table);
    part("answer").append(details);
}

/** @param {string} text */
function paragraph(text) {
    const line = document.createElement("p");
    line.dir = "auto";
    line.textContent = text;
    return line;
}

// MARK: - Parts

showClasses(state);
showRanges(state);
showSelection(state);
const changed = new ChangedList(state);
const search = new Search(state);
const morph = new MorphControl(state);
const film = new FilmControl(state);

const hoverCard = new SampleCard(part("hover"), data, 112);
state.on(["hover", "places", "view"], () => {
    const { hovered, hoveredPanel } = state;
    part("hover").hidden = hovered < 0 || hoveredPanel < 0;
    if (hovered < 0 || hoveredPanel < 0) return;
    hoverCard.show(hovered);
    placeBeside(part("hover"), panels[hoveredPanel], hovered);
});

/**
 * Puts the card beside a sample's point, within the window.
 * @param {HTMLElement} card @param {Panel} panel @param {number} sample
 */
function placeBeside(card, panel, sample) {
    const box = panel.box.getBoundingClientRect();
    const [x, y] = panel.pixel(sample);
    const { offsetWidth, offsetHeight } = card;
    const gap = panel.radius + 18;
    const right = box.left + x + gap;
    const left = right + offsetWidth < innerWidth - 8 ? right : box.left + x - gap - offsetWidth;
    const top = Math.min(Math.max(box.top + y - offsetHeight / 2, 8), innerHeight - offsetHeight - 8);
    card.style.transform = `translate(${Math.round(Math.max(left, 8))}px, ${Math.round(Math.max(top, 8))}px)`;
}

const pinnedCard = new SampleCard(part("sample"), data, 96);
state.on(["pin"], () => {
    const { pinned } = state;
    part("sample").hidden = pinned < 0;
    if (pinned < 0) {
        part("announcement").textContent = "";
        return;
    }
    pinnedCard.show(pinned);
    part("announcement").textContent = `${data.ids[pinned]}, most likely ${data.classes[data.majorities[pinned]].name}`;
    const isSeen = panels.every((panel) => {
        const [x, y] = panel.pixel(pinned);
        return Number.isNaN(x) || (x > 0 && y > 0 && x < panel.width && y < panel.height);
    });
    if (!isSeen) resetView();
});

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

/** Takes back the last thing: a lasso that is being drawn, the pinned sample, the selection, the filters. */
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

listenToKeys([
    { keys: ["?"], shown: "?", does: "show this table", run: showKeys },
    { keys: ["/"], shown: "/", does: "search a sample by its id", run: () => search.field.select() },
    { keys: ["l"], shown: "L", does: "drag draws a lasso, or pans", run: () => setLasso(!state.isLasso) },
    {
        keys: ["Escape"], shown: "Esc", does: "let go of the lasso, the pinned sample, the selection, the filters",
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
        keys: ["m"], shown: "M", does: "turn the first map into the other one, or back",
        run: () => morph.isThere && morph.player.toggle(),
    },
    { keys: ["+", "="], shown: "+", does: "zoom in", run: () => zoom(1.4) },
    { keys: ["-"], shown: "−", does: "zoom out", run: () => zoom(1 / 1.4) },
    { keys: ["0"], shown: "0", does: "show the whole maps", run: resetView },
    { keys: ["c"], shown: "C", does: "next meaning of colours", run: nextColouring },
    { keys: ["e"], shown: "E", does: "export the selection as CSV", run: () => part("export").click() },
    { keys: ["d"], shown: "D", does: "light or dark", run: () => setDark(!state.isDark) },
]);

function nextColouring() {
    const select = choice("colouring");
    if (select.hidden) return;
    state.colouring = (state.colouring + 1) % select.length;
    select.value = String(state.colouring);
    state.tell("colour");
}

/**
 * For tests: the state, and the panels, whose `pixel(sample)` says where a point is in the element `box`, and whose
 * `spent` says how many milliseconds the last drawing and the last search under the pointer took.
 */
Object.assign(window, { penumbraExplorer: { state, panels } });

drawEachFrame();
