import Foundation
import Testing

@testable import Figures

/// Draws figures to look at if `PENUMBRA_FIGURE_SAMPLES` names a folder; skipped otherwise.
@Suite(.serialized) struct FigureSamples {
    static let folder = ProcessInfo.processInfo.environment["PENUMBRA_FIGURE_SAMPLES"].map { URL(fileURLWithPath: $0) }

    @Test(.enabled(if: folder != nil), arguments: FigureStyle.Width.allCases, FigureFormat.allCases)
    func shapes(width: FigureStyle.Width, format: FigureFormat) throws {
        let figure = try ImaginedMaps.figure(3000, width: width)
        let start = clock()
        let data = try figure.data(as: format)
        print("\(width) \(format): \(data.count) bytes, \(Double(clock() - start) / 1e6) s of processor time")
        try figure.write(to: Self.folder!.appendingPathComponent("shapes-\(width).\(format.rawValue)"))
    }

    @Test(.enabled(if: folder != nil), arguments: FigureStyle.Width.allCases)
    func mixtures(width: FigureStyle.Width) throws {
        for (classes, format) in [(3, FigureFormat.png), (3, .svg), (6, .png), (17, .png), (40, .png)] {
            let figure = try ImaginedMaps.mixtures(2000, classes: classes, width: width)
            try figure.write(
                to: Self.folder!.appendingPathComponent("mixtures-\(classes)-\(width).\(format.rawValue)"))
        }
    }

    @Test(.enabled(if: folder != nil), arguments: [0, 1, 2, 30, 15_000, 100_000], FigureFormat.allCases)
    func counts(count: Int, format: FigureFormat) throws {
        let figure = try ImaginedMaps.figure(count)
        let start = clock()
        let data = try figure.data(as: format)
        print("\(count) \(format): \(data.count) bytes, \(Double(clock() - start) / 1e6) s of processor time")
        try data.write(to: Self.folder!.appendingPathComponent("count-\(count).\(format.rawValue)"))
    }
}
