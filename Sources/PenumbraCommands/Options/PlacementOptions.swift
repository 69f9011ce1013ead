import ArgumentParser
import Foundation

/// The map that new points are placed in.
struct PlacementOptions: ParsableArguments {
    @Option(
        help: """
            A layout (.csv) to place the features in. Metric, components, axes and degrees of freedom are those of its \
            .json. Perplexity is then 5, max-iter 250, learning rate .1, late exaggeration 1.5, early exaggeration 4 \
            for no iterations, and init median (or weighted, random), unless given.
            """,
        transform: URL.init(fileURLWithPath:))
    var into: URL?

    @Option(help: "Features that this layout was made of: .npy or .csv.", transform: URL.init(fileURLWithPath:))
    var reference: URL?

    @Option(help: "A CSV with the column id, one row a sample of the reference.", transform: URL.init(fileURLWithPath:))
    var referenceIds: URL?

    /// The files of a map.
    struct Map {
        let layout: URL
        let features: URL
        let idsFile: URL?
    }

    /// Nil where features are mapped anew.
    var map: Map? {
        guard let into, let reference else { return nil }
        return Map(layout: into, features: reference, idsFile: referenceIds)
    }

    /// The options of `project` that say something of a placement.
    private static let applicable: Set = [
        "into", "reference", "reference-ids", "out", "ids", "perplexity", "metric", "pca", "method",
        "intervals-per-unit", "nodes-per-interval", "least-intervals", "degrees-of-freedom", "max-iter",
        "learning-rate", "early-exaggeration", "early-exaggeration-iter", "late-exaggeration", "max-step-norm",
        "dimensions", "init", "seed", "threads", "quiet", "json",
    ]

    mutating func validate() throws {
        guard into != nil else {
            for (option, value) in [("--reference", reference), ("--reference-ids", referenceIds)] where value != nil {
                throw ValidationError("\(option) needs --into, the layout to place points in.")
            }
            return
        }
        if reference == nil { throw ValidationError("--into needs --reference, the features that the layout is of.") }
        for name in GivenOptions.current.names where !Self.applicable.contains(name) {
            throw ValidationError("--\(name) says nothing of points that are placed with --into.")
        }
    }
}
