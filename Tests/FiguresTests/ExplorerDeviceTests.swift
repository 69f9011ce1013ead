import Foundation
import Testing

@testable import Figures

/// Touch, small windows, several maps, accessibility, and many samples.
extension ExplorerBrowserTests {
    @Test func fingersTapAndDraw() throws {
        try browser.with(size: SIMD2(390, 844), isTouch: true) {
            try browser.open(try Self.told.html())
            #expect(try text("#selection-text").contains("Long-press and draw"))
            let point = try place(0, 0)
            try browser.touch("touchStart", point + SIMD2(9, 9))
            try browser.touch("touchEnd")
            try browser.settle()
            #expect(try state("pinned") == 0)
            // The sample's sheet is visible and covers neither the point nor the rest of the map.
            let sheet: [Double] = try browser.value(
                "(({top, bottom, height}) => [top, bottom, height])(document.querySelector('#sample').getBoundingClientRect())"
            )
            #expect(sheet[0] > 400 && sheet[1] <= 844 && sheet[2] > 100)
            let seen = try place(0, 0)
            #expect(seen.y < sheet[0] && seen.y > 0)
            #expect(try browser.value("document.querySelector('#hover').hidden"))
            try browser.run("document.querySelector('#unpin').click(); scrollTo(0, 0)")

            // A long press starts a lasso; a drag without one selects nothing.
            let box: [Double] = try browser.value(
                "(({left, top, width, height}) => [left, top, width, height])(penumbraExplorer.panels[0].box.getBoundingClientRect())"
            )
            let corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)].map {
                SIMD2(box[0] + $0.0 * box[2], box[1] + $0.1 * box[3])
            }
            let inside = try places(0).indices.filter { $0 != 0 }
            #expect(!inside.isEmpty)
            try browser.touch("touchStart", corners[0])
            let _: Bool = try browser.value("new Promise(done => setTimeout(() => done(true), 500))")
            for corner in corners.dropFirst() { try browser.touch("touchMove", corner) }
            try browser.touch("touchEnd")
            try browser.settle()
            let selected: Int = try state("selectedCount")
            #expect(selected > 200)
            #expect(try browser.value("scrollY") == 0)
            try browser.run("penumbraExplorer.state.clearSelection()")
        }
        expectNoComplaints()
    }

    /// The card lies next to its point, inside the window, and not over the sample's point on the other map.
    @Test func theCardHidesNoPointOfItsSample() throws {
        for width in [1100, 760] {
            try browser.with(size: SIMD2(width, 760)) {
                try browser.open(try Self.told.html())
                let hidden: [Int] = try browser.value(
                    """
                    (() => { const {state, panels} = penumbraExplorer, hidden = [];
                        for (let sample = 0; sample < 240; sample += 3) for (const panel of [0, 1]) {
                            if (Number.isNaN(panels[panel].pixel(sample)[0])) continue;
                            state.hover(sample, panel);
                            const card = document.querySelector('#hover').getBoundingClientRect();
                            if (card.left < 0 || card.right > innerWidth || card.top < 0 || card.bottom > innerHeight) hidden.push(-sample);
                            for (const one of panels) {
                                const box = one.box.getBoundingClientRect(), [x, y] = one.pixel(sample);
                                if (box.left + x > card.left && box.left + x < card.right && box.top + y > card.top
                                    && box.top + y < card.bottom) hidden.push(sample);
                            }
                        }
                        return hidden; })()
                    """)
                #expect(hidden == [])
            }
        }
    }

    @Test func anyTwoOfSeveralMapsMorph() throws {
        var explorer = Self.told
        explorer.panels.append(.init(name: "a third one", coordinates: explorer.panels[0].coordinates.map { -$0 }))
        try browser.open(try explorer.html())
        let third = try places(2), first = try places(0)
        try browser.run(
            """
            const [from, to] = ['#morph-source', '#morph-target'].map(one => document.querySelector(one));
            from.value = 1; from.dispatchEvent(new Event('change')); to.value = 2; to.dispatchEvent(new Event('change'));
            penumbraExplorer.state.setMorph(1)
            """)
        #expect(try text(".panel:nth-child(2) figcaption bdi") == "a third one")
        #expect(try places(0) == first)
        let moved = try places(1)
        for (one, other) in zip(moved, third) {
            #expect((one == nil) == (other == nil))
            if let one, let other { #expect(abs(one.x - other.x) < 0.01 && abs(one.y - other.y) < 0.01) }
        }
        // Choosing the same map twice swaps the two instead.
        try browser.run("penumbraExplorer.state.setMorphMaps(2, 2)")
        let ends: [Int] = try browser.value("[penumbraExplorer.state.morphSource, penumbraExplorer.state.morphTarget]")
        #expect(ends == [2, 1])
        let isOpen: Bool = try browser.value("document.querySelector('#ranges-folder').open")
        #expect(!isOpen)
        // Selection and verdict are visible, and no map name is cut off.
        let cut: [String] = try browser.value(
            """
            ['#verdict', '#selection-text', '#morph-source', '#morph-target'].filter(one => {
                const element = document.querySelector(one), box = element.getBoundingClientRect();
                return box.top < 0 || box.bottom > innerHeight || box.height === 0 || element.scrollWidth > element.clientWidth + 1;
            })
            """)
        #expect(cut == [])
        expectNoComplaints()
    }

    // MARK: - Accessibility

    /// Every text's contrast with its background by the WCAG 2 formula (relative luminance); every control has a name.
    @Test(arguments: [false, true]) func textsHaveContrastAndControlsHaveNames(isDark: Bool) throws {
        try browser.prefer(isDark: isDark)
        try browser.open(try Self.told.html())
        try browser.run(
            """
            document.querySelector('#answer details').open = true; document.querySelector('#ranges-folder').open = true;
            document.querySelector('.class').click(); penumbraExplorer.state.pin(5)
            """)
        let poor: [String] = try browser.value(
            """
            (() => {
                const parts = text => (text.match(/[0-9.]+/g) ?? []).map(Number);
                const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
                    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
                const paper = element => { for (; element; element = element.parentElement) {
                    const colour = parts(getComputedStyle(element).backgroundColor);
                    if (colour.length === 3 || colour[3] === 1) return colour;
                } return [255, 255, 255]; };
                const poor = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const element = walker.currentNode.parentElement;
                    if (walker.currentNode.data.trim() === '' || !element.checkVisibility({checkOpacity: true})
                        || element.closest('script, style, noscript, option, .unseen')) continue;
                    const [a, b] = [light(parts(getComputedStyle(element).color)), light(paper(element))];
                    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                    if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
                }
                for (const control of document.querySelectorAll('button, input, select')) {
                    const name = control.getAttribute('aria-label') ?? control.textContent.trim();
                    if (name === '') poor.push(`no name: ${control.outerHTML}`);
                    if (control.matches('select, input[type=search]') && control.checkVisibility()) {
                        const [a, b] = [light(parts(getComputedStyle(control).borderTopColor)), light(paper(control.parentElement))];
                        if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 3) poor.push(`edge: ${control.id}`);
                    }
                }
                return poor; })()
            """)
        #expect(poor == [])
        try browser.prefer(isDark: false)
    }

    @Test func stillPagesStep() throws {
        try browser.prefer(isDark: false, isStill: true)
        try browser.open(try explorer.html())
        try browser.press("m")
        #expect(try state("morph") == 1)
        try browser.press("m")
        #expect(try state("morph") == 0)
        try browser.prefer(isDark: false)
    }

    @Test func keysReachSamples() throws {
        try browser.open(try explorer.html())
        try browser.run("penumbraExplorer.panels[1].box.focus()")
        try browser.press("Enter")
        let middle: Int = try browser.value("penumbraExplorer.panels[1].middleSample")
        #expect(try state("pinned") == middle && middle >= 0)
        // The key selects what is visible on the focused map.
        try browser.run("penumbraExplorer.state.view.zoomBy(4, 0, 0); penumbraExplorer.state.tell('view')")
        let size: [Double] = try browser.value("[penumbraExplorer.panels[1].width, penumbraExplorer.panels[1].height]")
        let visible = try browser.value(
            "Array.from({length: 240}, (_, sample) => penumbraExplorer.panels[1].pixel(sample))", of: [[Double?]].self
        ).indices {
            if let x = $0[0], let y = $0[1] { x >= 0 && y >= 0 && x <= size[0] && y <= size[1] } else { false }
        }
        try browser.press("s")
        #expect(try samples(in: "selection") == visible.ranges.flatMap(Array.init))
    }

    // MARK: - Many samples

    /// Above the limit, numbers are quantised, with an error of at most half a step. All ids stay exact.
    @Test func manySamplesAreKeptInSteps() throws {
        let count = Explorer.mostExactSamples + 1
        let ids: [String] = (0..<count).map { "\"\($0)\", <b>ß🦋</b>" }
        let shares: [Double] = (0..<count).map { Double($0) / Double(count) }
        var explorer = Explorer(
            classes: .palette(["a", "b"]), ids: ids, distributions: shares.flatMap { [$0, 1 - $0] })
        var coordinates: [Float] = (0..<2 * count).map { Float($0 * 7919 % count) / 3 }
        coordinates[8] = .nan
        explorer.panels = [.init(name: "map", coordinates: coordinates)]
        let scores: [Double] = (0..<count).map { Double($0 * $0 % 1013) / 7 }
        explorer.columns = [.init(name: "score", values: scores)]
        try browser.open(try explorer.html())
        let far: [Double] = try browser.value(
            """
            (() => { const {data} = penumbraExplorer.state; let far = [0, 0, 0, 0];
                for (let sample = 0; sample < \(count); sample += 1) {
                    if (data.id(sample) !== `"${sample}", <b>ß🦋</b>`) far[0] += 1;
                    far[1] = Math.max(far[1], Math.abs(data.distributions[2 * sample] - sample / \(count)));
                    for (const part of [0, 1]) {
                        const place = 2 * sample + part, wanted = place * 7919 % \(count) / 3;
                        if (place !== 8) far[2] = Math.max(far[2], Math.abs(data.panels[0].coordinates[place] - wanted));
                    }
                    far[3] = Math.max(far[3], Math.abs(data.columns[0].values[sample] - sample * sample % 1013 / 7));
                }
                return far; })()
            """)
        // Half a step of the range, plus single-precision rounding.
        #expect(far[0] == 0)
        #expect(far[1] < 0.51 / 65_534)
        #expect(far[2] < 0.51 * Double(count) / 3 / 65_534 + 0.002)
        #expect(far[3] < 0.51 * 1012 / 7 / 65_534 + 1e-4)
        #expect(try browser.value("Number.isNaN(penumbraExplorer.state.data.panels[0].coordinates[8])"))
        #expect(try text("#notes").contains("65,534 steps"))
        #expect(try state("hasDensity"))
        expectNoComplaints()
    }
}
