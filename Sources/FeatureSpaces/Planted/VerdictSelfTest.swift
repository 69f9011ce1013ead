import Numerics

/// How often the verdict is right on planted spaces, seed by seed.
public struct VerdictSelfTest: Sendable, Codable, Equatable {
    /// One case.
    public struct Row: Sendable, Codable, Equatable {
        /// The case in words.
        public let name: String
        /// The samples of each space.
        public let samples: Int
        /// The number of classes.
        public let classes: Int
        /// The right verdict.
        public let expected: Verdict.Outcome
        /// The number of seeds tried.
        public let seeds: Int
        /// The number of right verdicts.
        public let right: Int
        /// The number of verdicts that named a kind, or both, when another or none was right.
        public let wrong: Int
        /// For each deciding measure, the number of seeds in which it spoke, for either kind.
        public let spoke: [SpaceMeasure: Int]

        package init(
            name: String, samples: Int, classes: Int, expected: Verdict.Outcome, seeds: Int, right: Int, wrong: Int,
            spoke: [SpaceMeasure: Int]
        ) {
            (self.name, self.samples, self.classes, self.expected) = (name, samples, classes, expected)
            (self.seeds, self.right, self.wrong, self.spoke) = (seeds, right, wrong, spoke)
        }

        /// At least 98 of 100 right, and at most 2 wrong.
        public var passes: Bool { right * 100 >= 98 * seeds && wrong * 100 <= 2 * seeds }
    }

    /// In the order of `PlantedCase.all`.
    public let rows: [Row]

    package init(rows: [Row]) { self.rows = rows }

    /// Whether all cases pass.
    public var passes: Bool { rows.allSatisfy(\.passes) }

    /// The parameters of planted spaces: few replicates suffice, since only their variance is used.
    public static var parameters: MeasureParameters {
        var parameters = MeasureParameters()
        (parameters.bootstraps, parameters.permutations) = (200, 0)
        return parameters
    }

    /// Tries seeds 0, 1, 2 … of every case.
    ///
    /// - Parameter progress: called after each case with its row; throws to stop.
    public init<Failure: Error>(
        cases: [PlantedCase] = PlantedCase.all, seeds: Int, threads: ThreadCount = .available,
        progress: (Row) throws(Failure) -> Void
    ) throws(Failure) {
        var rows: [Row] = []
        for planted in cases {
            let row = Self.row(planted, seeds: seeds, threads: threads)
            rows.append(row)
            try progress(row)
        }
        self.rows = rows
    }

    private static func row(_ planted: PlantedCase, seeds: Int, threads: ThreadCount) -> Row {
        let measures = SpaceMeasure.deciding
        let found = AlignedBuffer<Int32>(count: seeds * (measures.count + 2))
        nonisolated(unsafe) let base = found.base
        threads.forEachChunkDynamically(of: seeds, size: 1) { _, seed, _ in
            let verdict = planted.verdict(seed: UInt64(seed), parameters: parameters, threads: ThreadCount(1))
            let line = base + seed * (measures.count + 2)
            line[0] = verdict.outcome == planted.expected ? 1 : 0
            line[1] = verdict.outcome != planted.expected && verdict.outcome != .notDistinguishable ? 1 : 0
            for (place, evidence) in verdict.evidence.enumerated() {
                line[2 + place] = evidence.speaksFor == .neither ? 0 : 1
            }
        }
        let numbers = found.array
        func total(_ column: Int) -> Int {
            (0..<seeds).reduce(0) { $0 + Int(numbers[$1 * (measures.count + 2) + column]) }
        }
        return Row(
            name: planted.name, samples: planted.count, classes: planted.classes, expected: planted.expected,
            seeds: seeds, right: total(0), wrong: total(1),
            spoke: Dictionary(uniqueKeysWithValues: measures.enumerated().map { ($1, total(2 + $0)) }))
    }
}
