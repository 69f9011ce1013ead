import NeighborEmbedding

/// Facts about features that are projected or placed, reported to the user and recorded beside the layout.
struct FeatureFacts {
    /// The positions of columns whose common offset was subtracted; nil if there are none.
    let centeredColumns: [Int]?
    /// The ids of rows that were pulled in; nil if there are none.
    let farRows: [String]?
    /// The number of far rows if they are too many to be pulled in; nil if there are none.
    let farCrowd: Int?
    /// The number of rows that are all zeros, if that matters; nil if there are none.
    let zeroVectors: Int?
    /// The number of principal components asked for, if it is no smaller than that of the features; otherwise nil.
    let uselessComponents: Int?
    private let table: FeatureTable

    /// The facts for t-SNE with these parameters; if principal components replace the features, zeros do not matter.
    init(_ table: FeatureTable, for parameters: TSNEParameters) {
        self.table = table
        let centered = table.scaling.offsets.keys.sorted()
        centeredColumns = centered.isEmpty ? nil : centered
        farRows = table.farRows.isEmpty ? nil : table.farRows.map { table.ids.ids[$0] }
        farCrowd = table.scaling.farCrowd == 0 ? nil : table.scaling.farCrowd
        uselessComponents = parameters.components.flatMap { $0 < table.matrix.dimension ? nil : $0 }
        let isReduced = parameters.components.map { $0 < table.matrix.dimension } ?? false
        let zeros = parameters.metric == .cosine && !isReduced ? Self.zeroVectors(table.matrix) : 0
        zeroVectors = zeros == 0 ? nil : zeros
    }

    private static func zeroVectors(_ matrix: FeatureMatrix) -> Int {
        matrix.values.withUnsafeBufferPointer { values in
            (0..<matrix.count).count { row in
                values[row * matrix.dimension..<(row + 1) * matrix.dimension].allSatisfy { $0 == 0 }
            }
        }
    }

    /// One line each.
    var lines: [String] { readingLines + numberLines }

    /// What was read from where.
    var readingLines: [String] {
        var lines = table.choice?.lines ?? [table.arrayRemark].compactMap(\.self)
        lines += table.choice?.warnings ?? table.arrayWarnings
        if let source = table.idsSource { lines.append("ids from \(source)") }
        if table.idsAreRows { lines.append("no ids found; numbering rows from 0") }
        return lines
    }

    /// What is unusual about the numbers.
    var numberLines: [String] {
        var lines: [String] = []
        if let centeredColumns {
            lines.append(
                "\(centeredColumns.count) of \(table.matrix.dimension) columns hold large numbers that differ little; each has "
                    + "its first number subtracted, so that float32 keeps the differences")
        }
        if let farRows {
            lines.append(
                "warning: \(Self.rows(farRows)) more than 10,000 times as far out as the others (fill values?); pulled in, so "
                    + "that the others keep their distances")
        }
        if let farCrowd {
            lines.append(
                "warning: \(farCrowd) of \(table.matrix.count) rows are more than 10,000 times as far out as the others (fill "
                    + "values?); too many to be outliers, so they are kept, and the others may collapse to one spot"
            )
        }
        if let uselessComponents {
            let dimension = table.matrix.dimension
            lines.append(
                "--pca \(uselessComponents) has no effect, because there \(dimension == 1 ? "is 1 feature" : "are \(dimension) features")"
            )
        }
        if let zeroVectors {
            lines.append(
                "warning: \(zeroVectors) of \(table.matrix.count) rows are all zeros; their cosine distance is 1 from "
                    + "every other row")
        }
        return lines
    }

    private static func rows(_ ids: [String]) -> String {
        let shown = ids.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (ids.count > 5 ? " …" : "")
        return ids.count == 1 ? "row \(shown) is" : "\(ids.count) rows (\(shown)) are"
    }

    /// A relative deviation beyond which an achieved perplexity counts as far from the requested one.
    private static let tolerance = 0.1

    /// Warnings for perplexities that were not reached, with possible reasons.
    func warnings(of achieved: [AchievedPerplexity], asked: [Double]) -> [String] {
        zip(achieved, asked).compactMap { found, asked in
            // Rows of zeros are equally far from all others, which has been reported already.
            if abs(found.mean - asked) <= Self.tolerance * asked || zeroVectors != nil { return nil }
            let number = Decimals.fixed(found.mean, 1)
            return "warning: the achieved perplexity is \(number) on average, not \(Decimals.fixed(asked, 1)): "
                + cause(asked: asked)
        }
    }

    private func cause(asked: Double) -> String {
        let copies = table.matrix.rowsWithCopies(moreThan: Int(asked))
        if copies > 0 {
            return
                "\(copies) of \(table.matrix.count) rows have more than \(Int(asked)) exact copies; remove duplicates, or "
                + "raise --perplexity above their number"
        }
        return
            "most distances are nearly equal, which happens when one row or column is far larger than the others; look for "
            + "fill values, or scale the columns"
    }
}

extension FeatureMatrix {
    /// The number of rows that equal more than `number` others.
    /// - Complexity: O(N × D).
    func rowsWithCopies(moreThan number: Int) -> Int {
        var counts: [ArraySlice<Float>: Int] = [:]
        for row in 0..<count { counts[values[row * dimension..<(row + 1) * dimension], default: 0] += 1 }
        return counts.values.filter { $0 > number + 1 }.reduce(0, +)
    }
}
