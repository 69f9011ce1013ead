import Numerics
import Foundation
import Testing

@testable import Figures

@Suite struct FigureThreadsTests {
    /// More points than one thread handles alone, and more than SVG and PDF draw as vectors.
    @Test(arguments: FigureFormat.allCases)
    func bytesDoNotDependOnTheThreads(format: FigureFormat) throws {
        var figure = try ImaginedMaps.figure(900)
        figure.style.vectorPointLimit = 800
        let first = try figure.data(as: format, threads: ThreadCount(1))
        for threads in [2, 5] {
            let isSame = try figure.data(as: format, threads: ThreadCount(threads)) == first
            #expect(isSame)
        }
    }

    /// A second map of the same samples reuses the first one's colours but has its own positions.
    @Test func mapsOfTheSameSamplesAreDrawnAsTheyAreAlone() throws {
        let (hard, soft) = (ImaginedMaps.hard(600), ImaginedMaps.soft(600))
        let other = ImaginedMaps.soft(600, seed: 2)
        #expect(hard.hues == soft.hues && hard.hues != other.hues)
        let together = try Figure.shapes([hard, soft, other], threads: ThreadCount(3))
        for (row, map) in zip(together.rows, [hard, soft, other]) {
            let alone = try Figure.shapes([map], threads: ThreadCount(1)).rows[0]
            #expect(row.heading == map.heading)
            for (panel, expected) in zip(row.panels, alone.panels) {
                #expect(panel.points.coordinates == map.coordinates)
                #expect(panel.points.colours == expected.points.colours)
                #expect(panel.points.outlines == expected.points.outlines)
                #expect(panel.points.ellipseShares == map.ellipseShares)
                #expect(panel.glyphScale == expected.glyphScale)
            }
        }
    }

    @Test func movedPointsAreChecked() throws {
        let points = try ScatterPoints(coordinates: [0, 1, 2, 3], colours: [.black, .white])
        #expect(try points.moved(to: [4, 5, 6, 7]).coordinates == [4, 5, 6, 7])
        #expect(throws: FigureError.countMismatch(column: "coordinates", found: 2, expected: 4)) {
            try points.moved(to: [4, 5])
        }
        #expect(throws: FigureError.notFinite(column: "coordinates", row: 1)) {
            try points.moved(to: [4, 5, .infinity, 7])
        }
    }
}
