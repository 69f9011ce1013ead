import Foundation
import ImageDatasets
import Numerics

/// The best attainable predictions on images of simulated fibres, per folder; the scenes of a folder are drawn only once.
package final class FibresCeilings {
    private let threads: ThreadCount
    private var oracles: [String: FibresOracle?] = [:]

    package init(threads: ThreadCount) { self.threads = threads }

    /// The ceiling for the images `ids` of the data set in `folder`; nil if that folder does not hold simulated fibres as made
    /// by this program, or holds other images.
    package func ceiling(of ids: [String], in folder: URL) -> FibresOracle.Ceiling? {
        let oracle: FibresOracle?
        if let known = oracles[folder.path] {
            oracle = known
        } else {
            // A folder of another kind has no ceiling; its reader reports what is wrong with it.
            oracle = (try? FibresGenerator.ofSet(in: folder)).flatMap(\.self).map { FibresOracle($0, threads: threads) }
            oracles[folder.path] = oracle
        }
        return oracle?.ceiling(of: ids)
    }
}

extension FibresOracle.Ceiling {
    /// For people: `ACC 0.9312, KL 0.0671`.
    package var text: String { "ACC \(Decimals.fixed(macroAccuracy, 4)), KL \(Decimals.fixed(klDivergence, 4))" }
}
