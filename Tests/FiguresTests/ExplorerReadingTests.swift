import Foundation
import Testing

@testable import Figures

/// What the page explains to readers: the verdict, its terms, colours and a sample's neighbours.
extension ExplorerBrowserTests {
    static var told: Explorer {
        var explorer = ExplorerSamples.explorer()
        explorer.verdict = "soft labels: better ordered than hard labels."
        explorer.answer = ["Gaps are held against chance."]
        explorer.answerTable = [["measure", "gap"], ["label <b>fit</b>", "0.1"]]
        explorer.explanations = [
            .init("better ordered", "Most measures speak for it."),
            .init("ordered", "Never shown: the longer one counts."),
            .init("label <b>fit</b>", "A <i>hostile</i> meaning."), .init("ACC", "Accuracy."),
            .init("a.c", "No pattern."),
        ]
        explorer.classes[0].fullName = "directed <fibres>"
        let count = ExplorerSamples.count
        for (panel, step) in [1, 2].enumerated() {
            var neighbors: [Int32] = []
            for sample in 0..<count { neighbors += (1...12).map { Int32((sample + step * $0) % count) } }
            explorer.panels[panel].neighbors = neighbors
        }
        var ages: [Double] = (0..<count).map { Double($0) / 2 }
        ages[3] = .nan
        let sites: [Int?] = (0..<count).map { $0 % 3 == 2 ? nil : $0 % 3 }
        explorer.columns.append(.init(name: "age", values: ages))
        explorer.columns.append(.init(name: "site", categories: ["head", "trunk"], indices: sites))
        return explorer
    }

    @Test func theVerdictStandsOnTopAndWordsExplainThemselves() throws {
        try browser.open(try Self.told.html())
        #expect(try text("#verdict") == "soft labels: better ordered than hard labels.")
        let place: [Double] = try browser.value(
            "(({top, bottom}) => [top, bottom])(document.querySelector('#verdict').getBoundingClientRect())")
        let maps: Double = try browser.value("document.querySelector('#maps').getBoundingClientRect().top")
        #expect(place[0] > 0 && place[1] < maps)
        #expect(try texts("#verdict .term") == ["better ordered"])
        try browser.run("document.querySelector('#verdict .term').focus()")
        #expect(try text("#tip") == "Most measures speak for it.")
        try browser.press("Escape")
        #expect(try browser.value("document.querySelector('#tip').hidden"))
        // Below the verdict, with the pointer. Markup shows as plain text.
        try browser.run("document.activeElement.blur(); document.querySelector('#answer summary').click()")
        let term: [Double] = try browser.value(
            "(({left, top}) => [left + 4, top + 4])(document.querySelector('#answer td .term').getBoundingClientRect())"
        )
        try browser.mouse("mouseMoved", term[0], term[1])
        try browser.settle()
        #expect(try text("#tip") == "A <i>hostile</i> meaning.")
        try browser.mouse("mouseMoved", 5, 5)
        #expect(try browser.value("document.querySelectorAll('#answer b, #tip i').length") == 0)
        #expect(try texts("figcaption .term") == ["ACC", "ACC"])
        // Full class names in the legend and on cards.
        #expect(try texts(".class bdi")[0] == "directed <fibres> directed")
        try browser.run("penumbraExplorer.state.pin(5)")
        #expect(try texts("#sample .bars th bdi").contains("directed <fibres>"))
        expectNoComplaints()
    }

    @Test func nearestSamplesStandSideBySide() throws {
        try browser.open(try Self.told.html())
        try browser.run("penumbraExplorer.state.pin(10)")
        let strips: [[String]] = try browser.value(
            "[...document.querySelectorAll('.neighbour-strip')].map(strip => [...strip.children].map(one => one.title))"
        )
        #expect(strips == [(1...10).map { "image-\(10 + $0)" }, (1...10).map { "image-\(10 + 2 * $0)" }])
        #expect(try texts(".neighbours h3") == ["nearest in hard labels", "nearest in soft labels 5 of 10 in both"])
        let shared: [String] = try browser.value(
            "[...document.querySelectorAll('.neighbour.shared')].map(one => one.title)")
        #expect(Set(shared) == ["image-12", "image-14", "image-16", "image-18", "image-20"])
        try browser.run("document.querySelector('.neighbour').click()")
        #expect(try state("pinned") == 11)
    }

    /// Without the feature spaces, neighbours come from the map; the test computes the distances itself.
    @Test func withoutTheSpaceTheNearestAreThoseOnTheMap() throws {
        try browser.open(try explorer.html())
        let map = explorer.panels[0].coordinates
        for sample in [0, 7, 101] {
            let distances = (0..<ExplorerSamples.count).map { other in
                hypot(Double(map[2 * other] - map[2 * sample]), Double(map[2 * other + 1] - map[2 * sample + 1]))
            }
            let nearest = distances.indices.filter { $0 != sample }.sorted { distances[$0] < distances[$1] }
            let found: [Int] = try browser.value("penumbraExplorer.panels[0].nearestTo(\(sample), 10).samples")
            #expect(found == Array(nearest.prefix(10)))
        }
        // Sample 7 has no position on the second map.
        #expect(try browser.value("penumbraExplorer.panels[1].nearestTo(7, 10).samples.length") == 0)
        try browser.run("penumbraExplorer.state.pin(7)")
        #expect(try text(".neighbours").contains("It has no position on this map."))
    }

    /// Both ends of a month in Unix time used to read 1.70e+9.
    @Test func theEndsOfALongNumberDiffer() throws {
        var explorer = ExplorerSamples.explorer()
        explorer.columns = [
            .init(name: "time", values: (0..<ExplorerSamples.count).map { 1_700_000_000 + 10_880 * Double($0) })
        ]
        try browser.open(try explorer.html())
        let place: Int = try browser.value("penumbraExplorer.state.colourings.findIndex(({name}) => name === 'time')")
        try browser.run("penumbraExplorer.state.setColouring(\(place))")
        #expect(try texts("#colour-legend .number > span") == ["1,700,000,000", "1,702,600,000"])
        expectNoComplaints()
    }

    @Test func coloursShowAnyColumn() throws {
        try browser.open(try Self.told.html())
        let names: [String] = try browser.value("penumbraExplorer.state.colourings.map(({name}) => name)")
        #expect(
            names == [
                "label", "prediction", "majority class", "entropy of the label", "neighbours changed", "age", "site",
            ])
        func colours(_ samples: Int...) throws -> [[Int]] {
            try browser.value(
                "\(samples).map(sample => [...penumbraExplorer.state.colours(0).subarray(3 * sample, 3 * sample + 3)])")
        }
        func parts(_ colour: Colour) -> [Int] { [16, 8, 0].map { Int(colour.hex >> UInt32($0)) & 255 } }
        try browser.run("penumbraExplorer.state.setColouring(5)")
        // The ends of the colour map are exact; in between, interpolation may be off by a few byte values.
        let found = try colours(0, 239, 3)
        #expect(found == [parts(ColourMap().colour(0)), parts(ColourMap().colour(1)), [150, 150, 150]])
        for (one, other) in zip(try colours(120)[0], parts(ColourMap().colour(120.0 / 239))) {
            #expect(abs(one - other) < 4)
        }
        #expect(try texts("#colour-legend .number > span") == ["0", "119.5"])
        try browser.run("penumbraExplorer.state.setColouring(6)")
        let palette = ClassPalette.standard.colours(of: ["head", "trunk"])
        #expect(try colours(0, 1, 2) == [parts(palette[0]), parts(palette[1]), [150, 150, 150]])
        #expect(try texts("#colour-legend .category") == ["head", "trunk"])
        try browser.press("c")
        #expect(try text("#colour-legend") == "")
        // The dark theme has its own colour scale.
        try browser.run("penumbraExplorer.state.setColouring(5)")
        try browser.press("d")
        #expect(try colours(0) == [parts(ColourMap(.dark).colour(0))])
        expectNoComplaints()
    }

    /// Each density contour holds its share of the points, counted by the even-odd rule independently of the page.
    @Test func linesOfDensityHoldTheirShares() throws {
        try browser.open(try explorer.html())
        try browser.press("g")
        let shares: [Double] = try browser.value(
            """
            (() => { const {state, panels} = penumbraExplorer, {xy} = panels[0];
                const isIn = (lines, x, y) => lines.filter(line => {
                    let inside = false;
                    for (let at = 2; at < line.length; at += 2) {
                        const [x1, y1, x2, y2] = [line[at - 2], line[at - 1], line[at], line[at + 1]];
                        if (y1 > y !== y2 > y && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)) inside = !inside;
                    }
                    return inside;
                }).length;
                const lines = penumbraExplorer.densityLines(xy, state.lit);
                // How many lines lie around each point: each level adds one.
                const depths = Array.from(state.lit, (_, sample) => isIn(lines, xy[2 * sample], xy[2 * sample + 1]));
                return [1, 2, 3, 4].map(level => depths.filter(depth => depth >= level).length / depths.length); })()
            """)
        // Smoothing spreads 240 points over cells, so the shares are only approximate.
        for (found, wanted) in zip(shares, [0.95, 0.75, 0.5, 0.25]) { #expect(abs(found - wanted) < 0.12, "\(shares)") }
        #expect(try state("hasDensity"))
        expectNoComplaints()
    }
}
