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

    @Option(
        help: "Features that this layout was made of: .npy, .npz, .csv or .tsv.",
        transform: URL.init(fileURLWithPath:))
    var reference: URL?

    @Option(help: "A CSV with the column id, one row a sample of the reference.", transform: URL.init(fileURLWithPath:))
    var referenceIds: URL?

    @Option(help: "The array of the reference, where it is an .npz with several of two dimensions.")
    var referenceArray: String?

    /// The files of a map.
    struct Map {
        let layout: URL
        let features: URL
        let idsFile: URL?
        /// The name of the features' array in an .npz.
        let array: String?
    }

    /// Nil where features are mapped anew.
    var map: Map? {
        guard let into, let reference else { return nil }
        return Map(layout: into, features: reference, idsFile: referenceIds, array: referenceArray)
    }

    /// The options of `project` that say something of a placement.
    private static let applicable: Set = [
        "into", "reference", "reference-ids", "reference-array", "out", "ids", "array", "perplexity", "metric", "pca",
        "method",
        "intervals-per-unit", "nodes-per-interval", "least-intervals", "degrees-of-freedom", "max-iter",
        "learning-rate", "early-exaggeration", "early-exaggeration-iter", "late-exaggeration", "max-step-norm",
        "dimensions", "init", "seed", "threads", "quiet", "json",
    ]

    mutating func validate() throws {
        guard into != nil else {
            let given = [
                ("--reference", reference != nil), ("--reference-ids", referenceIds != nil),
                ("--reference-array", referenceArray != nil),
            ]
            if let option = given.first(where: \.1)?.0 {
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
