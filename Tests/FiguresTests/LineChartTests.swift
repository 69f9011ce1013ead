import Foundation
import TestSupport
import Testing

@testable import Figures

/// Line charts on a logarithmic (base 2) axis.
@Suite struct LineChartTests {
    private static func chart(_ values: [(x: Double, y: Double)], reference: Double? = nil) -> LineChart {
        let points = values.map { LineChart.Point(x: $0.x, y: $0.y, low: $0.y - 0.1, high: $0.y + 0.2) }
        return LineChart(
            [LineChart.Panel(title: "KL <of> all & some", points: points, reference: reference)],
            horizontalTitle: "votes per image")
    }

    private static func svg(_ chart: LineChart) throws -> String {
        String(decoding: try chart.data(as: .svg), as: UTF8.self)
    }

    /// The first corners of the squares that mark points.
    private static func points(_ svg: String) -> [SIMD2<Double>] {
        svg.matches(of: /<path d="M([0-9.]+) ([0-9.]+)L[^"]*Z" fill="#cc79a7"/).map {
            SIMD2(Double($0.output.1)!, Double($0.output.2)!)
        }
    }

    /// Doubling x values are evenly spaced; y positions are linear in the values.
    @Test func placesFollowTheNumbers() throws {
        let places = Self.points(try Self.svg(Self.chart([(1, 3), (2, 2), (4, 1.5), (8, 1.25)], reference: 1)))
        try #require(places.count == 4)
        let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
        for gap in gaps { #expect(abs(gap.x - gaps[0].x) < 0.02 && gap.x > 0) }
        // The values drop by 1, 1/2 and 1/4, and y points down.
        #expect(abs(gaps[0].y - 2 * gaps[1].y) < 0.05 && abs(gaps[1].y - 2 * gaps[2].y) < 0.05 && gaps[2].y > 0)
    }

    @Test func aLoneOrConstantLineIsDrawn() throws {
        #expect(Self.points(try Self.svg(Self.chart([(1, 2)]))).count == 1)
        let flat = LineChart(
            [LineChart.Panel(title: "t", points: [1.0, 2].map { .init(x: $0, y: 0, low: 0, high: 0) })],
            horizontalTitle: "h")
        let places = Self.points(try Self.svg(flat))
        #expect(places.count == 2 && places[0].y == places[1].y)
    }

    @Test func markupInTitlesIsText() throws {
        let svg = try Self.svg(Self.chart([(1, 2), (3, 1)]))
        #expect(svg.contains("KL &lt;of&gt; all &amp; some") && !svg.contains("<of>"))
        #expect(svg.contains("votes per image"))
    }

    @Test func everyFormatIsWritten() throws {
        let folder = try TemporaryFolder()
        for (name, start) in [("c.png", "\u{89}PNG"), ("c.svg", "<?xml"), ("c.pdf", "%PDF")] {
            let url = folder.file(name)
            try Self.chart([(1, 2), (2, 1)]).write(to: url)
            let data = try Data(contentsOf: url)
            #expect(data.starts(with: Array(start.unicodeScalars.map { UInt8($0.value) })), "\(name)")
        }
        #expect(throws: FigureError.self) { try Self.chart([(1, 2)]).write(to: folder.file("c.gif")) }
    }
}
