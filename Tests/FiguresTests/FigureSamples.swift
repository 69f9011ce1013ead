import Foundation
import Testing

@testable import Figures

/// Figures to look at: drawn where `PENUMBRA_FIGURE_SAMPLES` names a folder, else left out.
@Suite(.serialized) struct FigureSamples {
    static let folder = ProcessInfo.processInfo.environment["PENUMBRA_FIGURE_SAMPLES"].map { URL(fileURLWithPath: $0) }

    @Test(.enabled(if: folder != nil), arguments: FigureStyle.Width.allCases, FigureFormat.allCases)
    func shapes(width: FigureStyle.Width, format: FigureFormat) throws {
        let figure = try ImaginedMaps.figure(3000, width: width)
        let start = ContinuousClock.now
        let data = try figure.data(as: format)
        print("\(width) \(format): \(data.count) bytes, \(ContinuousClock.now - start)")
        try figure.write(to: Self.folder!.appendingPathComponent("shapes-\(width).\(format.rawValue)"))
    }
}
