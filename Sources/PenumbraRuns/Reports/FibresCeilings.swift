import Foundation
import ImageDatasets
import Numerics

/// The best that can be predicted on images of simulated fibres, folder by folder: each is drawn once.
package final class FibresCeilings {
    private let threads: ThreadCount
    private var oracles: [String: FibresOracle?] = [:]

    package init(threads: ThreadCount) { self.threads = threads }

    /// The ceiling on the images `ids` of the data set in `folder`; nil where that holds no simulated fibres as this program
    /// makes them, or other images.
    package func ceiling(of ids: [String], in folder: URL) -> FibresOracle.Ceiling? {
        let oracle: FibresOracle?
        if let known = oracles[folder.path] {
            oracle = known
        } else {
            // A folder of another kind has no ceiling; what is wrong with it, its reader says.
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
