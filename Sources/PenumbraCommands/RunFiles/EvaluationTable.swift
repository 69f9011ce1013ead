import Foundation
import TensorFiles

/// The measures of several sets of predictions, and their means over splits by kind of label.
struct EvaluationTable: Codable, Sendable, Equatable {
    /// Means over the splits of one kind of label in one run.
    struct Mean: Codable, Sendable, Equatable {
        /// The run's path and the kind of label.
        var name: String
        var splits: [Int]
        /// Of each measure, in the order of `Evaluation.measures`.
        var means: [Double]
        /// Sample standard deviations (n − 1) over the splits.
        var deviations: [Double]
    }

    var evaluations: [Evaluation]
    /// Of runs with two splits or more.
    var means: [Mean]

    /// Groups `evaluations` by the part of their names before the split, and by the kind of label.
    init(_ evaluations: [Evaluation]) {
        self.evaluations = evaluations
        var groups: [(name: String, members: [Evaluation])] = []
        for evaluation in evaluations {
            guard let split = evaluation.split, let labels = evaluation.labels else { continue }
            let member = "split-\(split)/\(labels)"
            let name = evaluation.name.hasSuffix(member) ? evaluation.name.dropLast(member.count) + labels : labels
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].members.append(evaluation)
            } else {
                groups.append((name, [evaluation]))
            }
        }
        means = groups.filter { $0.members.count > 1 }.map { group in
            let count = Double(group.members.count)
            let columns = Evaluation.measureNames.indices.map { index in group.members.map { $0.measures[index] } }
            let means = columns.map { $0.reduce(0, +) / count }
            let deviations = zip(columns, means).map { column, mean in
                (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
            }
            return Mean(
                name: group.name, splits: group.members.compactMap(\.split), means: means, deviations: deviations)
        }
    }

    /// The table for people.
    var lines: [String] {
        var rows = [["predictions", "images"] + Evaluation.measureNames]
        for evaluation in evaluations {
            rows.append(
                [evaluation.name, "\(evaluation.images)"] + evaluation.measures.map { Decimals.fixed($0, 4) })
        }
        for mean in means {
            let numbers = zip(mean.means, mean.deviations).map { "\(Decimals.fixed($0, 4)) ± \(Decimals.fixed($1, 4))" }
            rows.append(["\(mean.name), \(mean.splits.count) splits", ""] + numbers)
        }
        let absent = evaluations.filter { !$0.absentClasses.isEmpty }.map {
            "\($0.name): no image of \($0.absentClasses.joined(separator: ", ")), left out of ACC"
        }
        return Decimals.table(rows) + absent
    }

    /// Writes the evaluations as a CSV. Throws `FileWriteError`.
    func write(to url: URL) throws {
        let header = ["predictions", "split", "labels", "images", "macro_accuracy", "kl_divergence", "macro_f1", "ece"]
        try CSVWriter.write(to: url, header: header) { table in
            for evaluation in evaluations {
                let split: CSVField = evaluation.split.map { .integer($0) } ?? .text("")
                try table.append(
                    [.text(evaluation.name), split, .text(evaluation.labels ?? ""), .integer(evaluation.images)]
                        + evaluation.measures.map { .double($0) })
            }
        }
    }
}
