import LabelDistributions
import Numerics

/// Two kinds of spaces for which it is known which is better ordered; the rule of `Verdict` was fixed on such cases.
public struct PlantedCase: Sendable {
    /// A description in words.
    public let name: String
    /// The right verdict.
    public let expected: Verdict.Outcome
    /// The samples of each space.
    public let count: Int
    /// The number of classes.
    public let classes: Int
    private let make: @Sendable (_ seed: UInt64) -> (first: [PlantedTrial], second: [PlantedTrial])

    /// A space of one kind, on a split.
    struct PlantedTrial {
        var split = "1"
        let rows: PlantedRows
    }

    /// The verdict on the spaces of this seed.
    public func verdict(seed: UInt64, parameters: MeasureParameters, threads: ThreadCount) -> Verdict {
        let (first, second) = make(seed)
        func trials(_ kind: [PlantedTrial]) -> [Trial] {
            kind.map {
                Trial(
                    split: $0.split,
                    space: MeasuredSpace($0.rows.space, parameters: parameters, threads: threads))
            }
        }
        return try! Verdict(first: trials(first), second: trials(second))
    }

    private init(
        _ name: String, _ expected: Verdict.Outcome, count: Int, classes: Int,
        make: @escaping @Sendable (_ seed: UInt64) -> (first: [PlantedTrial], second: [PlantedTrial])
    ) {
        (self.name, self.expected, self.count, self.classes, self.make) = (name, expected, count, classes, make)
    }

    /// One space of each kind.
    private init(
        _ name: String, _ expected: Verdict.Outcome, count: Int = 300, classes: Int = 3, rareShare: Double? = nil,
        arePure: Bool = false,
        spaces:
            @escaping @Sendable (_ labels: [LabelDistribution], _ dimension: Int, _ seed: UInt64) -> (
                PlantedRows, PlantedRows
            )
    ) {
        self.init(name, expected, count: count, classes: classes) { seed in
            let labels = PlantedLabels(count: count, classes: classes, rareShare: rareShare, arePure: arePure)
                .labels(seed: seed)
            let (first, second) = spaces(labels, max(16, classes + 8), seed)
            return ([PlantedTrial(rows: first)], [PlantedTrial(rows: second)])
        }
    }
}

extension PlantedCase {
    private static let noise = 0.15

    /// All cases; those of equal spaces come first.
    public static let all: [PlantedCase] = equal + ordered + sizes + seeds

    /// Spaces of which neither is better.
    private static let equal: [PlantedCase] = [
        PlantedCase("a space and itself", .notDistinguishable) { labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows)
        },
        PlantedCase("rotated and scaled", .notDistinguishable) { labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows.turned(scale: 3.7, seed: seed))
        },
        PlantedCase("two draws of the same noise", .notDistinguishable) { labels, dimension, seed in
            twice(.lines, labels, dimension, noise: 0.6, seed)
        },
        PlantedCase("two draws of the same noise", .notDistinguishable, count: 100) { labels, dimension, seed in
            twice(.lines, labels, dimension, noise: 0.6, seed)
        },
        PlantedCase("two draws of the same noise", .notDistinguishable, count: 1_000, classes: 10) {
            labels, dimension, seed in twice(.arcs, labels, dimension, noise: 0.6, seed)
        },
        PlantedCase("hard clusters, two random interiors", .notDistinguishable) { labels, dimension, seed in
            let rows = PlantedSpace.clusters.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows.dealt(withinClasses: true, seed: seed), rows.dealt(withinClasses: true, seed: ~seed))
        },
        PlantedCase("labels shuffled in both", .notDistinguishable) { labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows.dealt(withinClasses: false, seed: seed), rows.dealt(withinClasses: false, seed: ~seed))
        },
    ]

    /// Spaces of which the first is better ordered, or each in a different respect.
    private static let ordered: [PlantedCase] = [
        PlantedCase("noise added to the second", .firstBetterOrdered) { labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows.noisier(1, seed: seed))
        },
        PlantedCase("labels shuffled in the second", .firstBetterOrdered) { labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows.dealt(withinClasses: false, seed: seed))
        },
        interior("soft order inside hard clusters", .clusters),
        interior("mixtures on straight lines", .lines),
        interior("mixtures on arcs", .arcs),
        interior("mixtures as islands", .islands),
        interior("a ring", .ring, classes: 6),
        interior("one class rare", .clusters, count: 600, rareShare: 0.02),
        PlantedCase("islands at random places against noisy lines", .mixed, count: 600) { labels, dimension, seed in
            (
                PlantedSpace.islands.rows(of: labels, dimension: dimension, noise: 0.02, seed: seed),
                PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: 1, seed: seed)
            )
        },
        PlantedCase("pure labels, shuffled in the second", .firstBetterOrdered, arePure: true) {
            labels, dimension, seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows.dealt(withinClasses: false, seed: seed))
        },
    ]

    /// Soft order inside hard clusters, with other numbers of classes and samples.
    private static let sizes: [PlantedCase] =
        [2, 6, 10].map { interior("soft order inside hard clusters", .clusters, classes: $0) }
        + [interior("soft order inside hard clusters", .clusters, count: 1_000, classes: 40)]
        + [100, 1_000, 3_000, 10_000].map { interior("soft order inside hard clusters", .clusters, count: $0) }

    /// Three seeds of each kind on two splits.
    private static let seeds: [PlantedCase] = [
        PlantedCase("three seeds on two splits, one kind", .notDistinguishable, count: 200, classes: 3) { seed in
            trained(seed) { rows, _ in (rows, rows) }
        },
        PlantedCase("three seeds on two splits, soft order in the first", .firstBetterOrdered, count: 200, classes: 3) {
            seed in trained(seed) { rows, number in (rows, rows.dealt(withinClasses: true, seed: number)) }
        },
    ]

    /// The same positions with different noise in each.
    private static func twice(
        _ space: PlantedSpace, _ labels: [LabelDistribution], _ dimension: Int, noise: Double, _ seed: UInt64
    ) -> (PlantedRows, PlantedRows) {
        (
            space.rows(of: labels, dimension: dimension, noise: noise, seed: seed),
            space.rows(of: labels, dimension: dimension, noise: noise, seed: seed, noiseSeed: ~seed)
        )
    }

    /// Compared with the same clusters with their rows shuffled within each majority class: everything that hard labels express is
    /// equal.
    private static func interior(
        _ name: String, _ space: PlantedSpace, count: Int = 300, classes: Int = 3, rareShare: Double? = nil
    ) -> PlantedCase {
        PlantedCase(name, .firstBetterOrdered, count: count, classes: classes, rareShare: rareShare) {
            labels, dimension, seed in
            let rows = space.rows(of: labels, dimension: dimension, noise: noise, seed: seed)
            return (rows, rows.dealt(withinClasses: true, seed: seed))
        }
    }

    /// By chance, every seed of a kind is trained to a different amount of noise, which varies more than chance over images
    /// explains.
    private static func trained(
        _ seed: UInt64, _ kinds: (_ rows: PlantedRows, _ number: UInt64) -> (PlantedRows, PlantedRows)
    ) -> (first: [PlantedTrial], second: [PlantedTrial]) {
        var (first, second): ([PlantedTrial], [PlantedTrial]) = ([], [])
        for split in UInt64(0)..<2 {
            let labels = PlantedLabels(count: 200, classes: 3).labels(seed: seed * 2 + split)
            for training in UInt64(0)..<3 {
                for kind in UInt64(0)..<2 {
                    let number = ((seed * 2 + split) * 3 + training) * 2 + kind
                    var random = CounterRandom(seed: number, PlantedStream.places.rawValue)
                    let rows = PlantedSpace.clusters.rows(
                        of: labels, dimension: 16, noise: random.uniform(in: 0.12...0.18), seed: number)
                    let made = kinds(rows, number)
                    let trial = PlantedTrial(split: "\(split + 1)", rows: kind == 0 ? made.0 : made.1)
                    if kind == 0 { first.append(trial) } else { second.append(trial) }
                }
            }
        }
        return (first, second)
    }
}
