import Foundation
import TensorFiles
import Testing

@testable import Figures

/// Tests the page in a real browser, shared by all tests. `penumbraExplorer` is the page's test hook (`main.js`).
@Suite(
    .serialized, .chromium,
    .enabled(if: Chromium.program != nil, "the explorer is not tested: no chromium is on the PATH"))
struct ExplorerBrowserTests {
    let browser: Chromium
    let explorer = ExplorerSamples.explorer()

    init() throws {
        browser = try #require(Chromium.current)
    }

    /// A sample's window position in a panel.
    func place(_ sample: Int, _ panel: Int) throws -> SIMD2<Double> {
        let place: [Double] = try browser.value(
            """
            (() => { const panel = penumbraExplorer.panels[\(panel)], box = panel.box.getBoundingClientRect(),
                [x, y] = panel.pixel(\(sample)); return [box.left + x, box.top + y]; })()
            """)
        return SIMD2(place[0], place[1])
    }

    /// The positions of all samples in a panel; nil for samples without coordinates.
    func places(_ panel: Int, of count: Int = ExplorerSamples.count) throws -> [SIMD2<Double>?] {
        let places: [[Double?]] = try browser.value(
            "Array.from({length: \(count)}, (_, sample) => penumbraExplorer.panels[\(panel)].pixel(sample))")
        return places.map { place in
            if let x = place[0], let y = place[1] { SIMD2(x, y) } else { nil }
        }
    }

    func text(_ selector: String) throws -> String {
        try browser.value("document.querySelector(\(Chromium.quoted(selector))).innerText")
    }

    func state<Value: Decodable>(_ property: String) throws -> Value {
        try browser.value("penumbraExplorer.state.\(property)")
    }

    /// The samples flagged with 1 in an array of the state.
    func samples(in array: String) throws -> [Int] {
        try browser.value("[...penumbraExplorer.state.\(array)].flatMap((is, sample) => is ? [sample] : [])")
    }

    /// The `textContent` of every element that matches the selector.
    func texts(_ selector: String) throws -> [String] {
        try browser.value("[...document.querySelectorAll('\(selector)')].map(element => element.textContent)")
    }

    func expectNoComplaints(at location: SourceLocation = #_sourceLocation) {
        #expect(browser.complaints == [], sourceLocation: location)
    }

    // MARK: - Drawing

    /// Sample 0 is isolated: its pixel has its colour, and a corner pixel has none.
    @Test(arguments: ["", "canvas"])
    func pointsAreDrawnInTheirColours(fragment: String) throws {
        try browser.open(try explorer.html(), fragment: fragment)
        let renderer: String = try browser.value("penumbraExplorer.panels[0].renderer.constructor.name")
        #expect(renderer == (fragment == "canvas" ? "CanvasRenderer" : "WebGLRenderer"))
        // WebGL pixels can be read only before the browser presents them.
        let pixels: [[Int]] = try browser.value(
            """
            (() => { const panel = penumbraExplorer.panels[1], [x, y] = panel.pixel(0), {canvas, gl} = panel.renderer;
                panel.isDue = {points: true, marks: true}; panel.draw();
                const {width, height} = canvas, pixels = new Uint8Array(4 * width * height);
                if (gl) gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
                else pixels.set(panel.renderer.context.getImageData(0, 0, width, height).data);
                return [[x, y], [2, 2]].map(([x, y]) => {
                    const row = gl ? height - 1 - Math.floor(y) : Math.floor(y);
                    const start = 4 * (width * row + Math.floor(x));
                    return Array.from(pixels.subarray(start, start + 4));
                }); })()
            """)
        let first = explorer.distributions[..<3].firstIndex(of: 1)!
        let colour = explorer.classes[first].colour
        let alpha = Double(pixels[0][3])
        #expect(alpha > 250)
        for (found, expected) in zip(pixels[0], [colour.red, colour.green, colour.blue]) {
            #expect(abs(Double(found) - 255 * expected) < 3)
        }
        #expect(pixels[1] == [0, 0, 0, 0])
        expectNoComplaints()
    }

    @Test func darkAndLight() throws {
        try browser.prefer(isDark: true)
        try browser.open(try explorer.html())
        let background = "getComputedStyle(document.body).backgroundColor"
        #expect(try browser.value(background) == "rgb(12, 13, 17)")
        try browser.press("d")
        #expect(try browser.value(background) == "rgb(244, 245, 247)")
        try browser.prefer(isDark: false)
        expectNoComplaints()
    }

    // MARK: - Samples under the pointer

    @Test(arguments: [(0, ""), (1, "canvas")])
    func hoveringShowsTheSample(panel: Int, fragment: String) throws {
        try browser.open(try ExplorerSamples.withThumbnails().html(), fragment: fragment)
        let point = try place(0, panel)
        try browser.mouse("mouseMoved", point.x + 3, point.y - 2)
        try browser.settle()
        #expect(try state("hovered") == 0)
        #expect(try state("hoveredPanel") == panel)
        #expect(try text("#hover .card-id") == "image-0")
        #expect(try text("#hover").contains("neighbours changed 0"))
        #expect(try texts("#hover tr:first-child th") == ["", "label", "hard labels"])
        // Its thumbnail is red 0, green 200, blue 30, up to WebP loss.
        let pixel: [Int] = try browser.value(
            """
            (async () => { await penumbraExplorer.state.data.thumbnails.sheet.decode();
                return Array.from(document.querySelector("#hover canvas").getContext("2d").getImageData(50, 50, 1, 1).data)
            })()
            """)
        #expect(zip(pixel, [0, 200, 30, 255]).allSatisfy { abs($0 - $1) < 10 }, "\(pixel)")
        try browser.mouse("mouseMoved", 600, 20)
        try browser.settle()
        #expect(try state("hovered") == -1)
        #expect(try browser.value("document.querySelector('#hover').hidden"))
        expectNoComplaints()
    }

    @Test func clickingPinsAndEscapeLetsGo() throws {
        try browser.open(try explorer.html())
        let point = try place(0, 1)
        try browser.mouse("mousePressed", point.x, point.y, isPressed: true)
        try browser.mouse("mouseReleased", point.x, point.y)
        try browser.settle()
        #expect(try text("#sample .card-id") == "image-0")
        #expect(try text("#announcement").hasPrefix("image-0, majority class "))
        try browser.press("Escape")
        #expect(try state("pinned") == -1)
    }

    // MARK: - Lasso

    /// Draws a star, which tests the even-odd rule, in each panel and also while zoomed.
    @Test(arguments: [(0, 1.0), (1, 1.7)])
    func theLassoSelectsWhatLiesInside(panel: Int, zoom: Double) throws {
        try browser.open(try explorer.html())
        try browser.run("penumbraExplorer.state.view.zoomBy(\(zoom), 0.1, 0.2); penumbraExplorer.state.tell('view')")
        let box: [Double] = try browser.value(
            "(({left, top, width, height}) => [left, top, width, height])"
                + "(penumbraExplorer.panels[\(panel)].box.getBoundingClientRect())")
        let corners = (0..<5).map { corner -> SIMD2<Double> in
            let angle = Double(corner) * 4 * .pi / 5
            return SIMD2(box[2] / 2 + 0.4 * box[2] * sin(angle), box[3] / 2 - 0.3 * box[3] * cos(angle))
        }
        let found = try places(panel)
        try drag(through: corners.map { SIMD2(box[0] + $0.x, box[1] + $0.y) })
        let expected = found.indices.filter { sample in found[sample].map { Self.isInside(corners, $0) } ?? false }
        #expect(try samples(in: "selection") == expected)
        #expect((10..<200).contains(expected.count))
        #expect(try text("#selection-text") == "\(expected.count) of 240 samples selected")
        // Both maps must highlight the same samples.
        #expect(try samples(in: "lit") == expected)
        try browser.press("Escape")
        #expect(try text("#selection-text").hasPrefix("All 240 samples."))
        expectNoComplaints()
    }

    private func drag(through corners: [SIMD2<Double>]) throws {
        try browser.mouse("mousePressed", corners[0].x, corners[0].y, isPressed: true, withShift: true)
        for corner in corners.dropFirst() {
            try browser.mouse("mouseMoved", corner.x, corner.y, isPressed: true, withShift: true)
        }
        try browser.mouse("mouseReleased", corners[4].x, corners[4].y, withShift: true)
        try browser.settle()
    }

    /// Even-odd rule by crossings of a ray: an odd count means inside. Written differently from the page's own test.
    private static func isInside(_ corners: [SIMD2<Double>], _ point: SIMD2<Double>) -> Bool {
        var crossings = 0
        for (index, a) in corners.enumerated() {
            let b = corners[(index + 1) % corners.count]
            let (low, high) = a.y < b.y ? (a, b) : (b, a)
            let side = (high.x - low.x) * (point.y - low.y) - (high.y - low.y) * (point.x - low.x)
            if low.y <= point.y && point.y < high.y && side > 0 { crossings += 1 }
        }
        return crossings % 2 == 1
    }

    // MARK: - Filters, lists, search

    @Test func filtersLeaveWhatTheySay() throws {
        try browser.open(try explorer.html())
        let majorities = (0..<ExplorerSamples.count).map { sample in
            let row = explorer.distributions[3 * sample..<3 * sample + 3]
            return row.firstIndex(of: row.max()!)! - 3 * sample
        }
        try browser.run("document.querySelector('.class').click()")
        let shown: Int = try state("litCount")
        #expect(shown == majorities.count { $0 != 0 })
        // The upper half of the changes; sample 9 has none.
        try browser.run(
            "const low = document.querySelectorAll('.range')[1].querySelector('input'); low.value = 0.5; "
                + "low.dispatchEvent(new Event('input'))")
        let values = explorer.columns[0].values
        let both = values.indices.filter { majorities[$0] != 0 && values[$0] >= 119.5 }
        #expect(try samples(in: "lit") == both)
        try browser.press("Escape")
        #expect(try state("litCount") == 240)
    }

    @Test func theListShowsWhatChangedMost() throws {
        try browser.open(try explorer.html())
        let values = explorer.columns[0].values
        let ranked = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] > values[$1] }
        #expect(try texts(".changed bdi") == ranked.prefix(60).map { "image-\($0)" })
        try browser.run("document.querySelectorAll('.changed')[2].click()")
        #expect(try state("pinned") == ranked[2])
        try browser.press("n")
        try browser.press("n")
        try browser.press("p")
        #expect(try state("pinned") == ranked[3])
        #expect(
            try browser.value("document.querySelector('.changed[aria-selected=true]').id") == "changed-\(ranked[3])")
    }

    @Test func searchingPins() throws {
        try browser.open(try explorer.html())
        try browser.press("/")
        try browser.type("AGE-23")
        #expect(try texts("#found li") == ["image-23"] + (230..<240).map { "image-\($0)" })
        try browser.press("ArrowDown")
        try browser.press("Enter")
        #expect(try state("pinned") == 230)
        try browser.press("/")
        try browser.type("none")
        #expect(try text("#found") == "No id contains this.")
    }

    // MARK: - Morph and film

    @Test func theMorphGoesFromTheFirstMapToTheSecond() throws {
        try browser.open(try explorer.html())
        let (first, second) = (try places(0), try places(1))
        func move(to share: Double) throws -> [SIMD2<Double>?] {
            try browser.run(
                "const slider = document.querySelector('#morph-slider'); slider.value = \(share); "
                    + "slider.dispatchEvent(new Event('input'))")
            return try places(0)
        }
        let half = try move(to: 0.5)
        #expect(try text(".panel figcaption bdi") == "hard labels → soft labels, 50 %")
        #expect(half != first && half != second && half[7] == nil)
        #expect(try move(to: 1) == second)
        #expect(try move(to: 0) == first)
        #expect(try places(1) == second)
        try browser.press("m")
        #expect(try browser.value("document.querySelector('#morph-play').getAttribute('aria-label')") == "Pause")
        for _ in 0..<50 where try state("morph") == 0.0 { try browser.settle() }
        let share: Double = try state("morph")
        #expect(share > 0)
        try browser.press("m")
        expectNoComplaints()
    }

    @Test func theFilmGoesThroughItsFrames() throws {
        var explorer = explorer
        let own = explorer.panels[0].coordinates
        explorer.panels[0].frames = [
            .init(label: "start", coordinates: explorer.panels[1].coordinates),
            .init(label: "middle", coordinates: own.map { -$0 }),
        ]
        try browser.open(try explorer.html())
        let (first, second) = (try places(0), try places(1))
        func move(to time: Double) throws -> [SIMD2<Double>?] {
            try browser.run(
                "const slider = document.querySelector('#film-slider'); slider.value = \(time); "
                    + "slider.dispatchEvent(new Event('input'))")
            return try places(0)
        }
        // Frames are quantised to 65,534 steps: under a hundredth of a pixel in a 500-pixel panel.
        func expect(_ found: [SIMD2<Double>?], _ expected: [SIMD2<Double>?]) {
            for (a, b) in zip(found, expected) {
                #expect((a == nil) == (b == nil))
                if let a, let b { #expect(abs(a.x - b.x) < 0.01 && abs(a.y - b.y) < 0.01) }
            }
        }
        expect(try move(to: 0), second)
        #expect(try text("#film-label") == "start")
        let size: [Double] = try browser.value("[penumbraExplorer.panels[0].width, penumbraExplorer.panels[0].height]")
        expect(try move(to: 0.5), first.map { $0.map { SIMD2(size[0] - $0.x, size[1] - $0.y) } })
        #expect(try move(to: 1) == first)
        try browser.press(" ")
        let position: Double = try state("time")
        #expect(position < 1)
        try browser.press(" ")
        expectNoComplaints()
    }
}
