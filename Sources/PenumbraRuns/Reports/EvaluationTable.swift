import Foundation
import ImageDatasets
import LabelDistributions
import TensorFiles

/// The measures of several sets of predictions, and their means over splits and seeds for each kind of label.
package struct EvaluationTable: Codable, Sendable, Equatable {
    /// Means over the splits and seeds for one kind of label in one run.
    struct Mean: Encodable, Sendable, Equatable {
        /// The run's path and the kind of label.
        var name: String
        /// The split of each training.
        var splits: [Split]
        /// The seed of each training, if the run has several on a split.
        var seeds: [UInt64]?
        /// Of the measures that all trainings have.
        var means: MeasureValues
        /// Sample standard deviations (n − 1) over the trainings, of the same measures.
        var deviations: MeasureValues
        /// `3 splits`.
        var count: String {
            Repetition.count(
                splits.enumerated().map { index, split in Repetition(split: split, seed: seeds?[index]) })
        }
    }

    /// One row of a table of results: a kind of label in one run, or predictions outside a run.
    struct Group: Sendable, Equatable {
        /// The run's path; empty for predictions outside a run.
        var run: String
        /// The name of the kind or of the predictions.
        var name: String
        var evaluations: [Evaluation]

        /// The kind for people.
        var title: String { MemberKind(name: name)?.title ?? name }
        var repetitions: [Repetition] { evaluations.compactMap(\.repetition) }

        /// The mean and the sample standard deviation of each measure, in the order of `PredictionMeasure.allCases`; no
        /// deviation for a single evaluation, and neither if an evaluation lacks the measure.
        var measures: [(mean: Double?, deviation: Double?)] {
            let count = Double(evaluations.count)
            return PredictionMeasure.allCases.map { measure in
                let values = evaluations.compactMap { $0[measure] }
                if values.count < evaluations.count { return (nil, nil) }
                let mean = values.reduce(0, +) / count
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return (mean, evaluations.count > 1 ? (squares / (count - 1)).squareRoot() : nil)
            }
        }
    }

    package var evaluations: [Evaluation]
    /// For kinds with two or more trainings.
    var means: [Mean]

    /// Groups `evaluations` by the part of their names before the split, and by kind of label.
    package init(_ evaluations: [Evaluation]) {
        self.evaluations = evaluations
        means = Self.groups(of: evaluations).filter { $0.evaluations.count > 1 }.map { group in
            Mean(
                name: (group.run.isEmpty ? "" : group.run + "/") + group.name, splits: group.repetitions.map(\.split),
                seeds: group.repetitions.map(\.seed).allPresent,
                means: MeasureValues(present: group.measures.map(\.mean)),
                deviations: MeasureValues(present: group.measures.map(\.deviation)))
        }
    }

    private enum CodingKeys: String, CodingKey {
        case evaluations, means
    }

    /// Ignores the means in the file: they follow from its evaluations, and older files have them for fewer measures.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(try container.decode([Evaluation].self, forKey: .evaluations))
    }

    /// The rows of a table of results, by run in order of first appearance, and within a run by kind.
    var groups: [Group] { Self.groups(of: evaluations) }

    private static func groups(of evaluations: [Evaluation]) -> [Group] {
        var groups: [Group] = []
        for evaluation in evaluations {
            let (run, name) = place(of: evaluation)
            if evaluation.labels != nil, let index = groups.firstIndex(where: { $0.run == run && $0.name == name }) {
                groups[index].evaluations.append(evaluation)
            } else {
                groups.append(Group(run: run, name: name, evaluations: [evaluation]))
            }
        }
        return groups
    }

    private static func place(of evaluation: Evaluation) -> (run: String, name: String) {
        guard let repetition = evaluation.repetition, let labels = evaluation.labels else {
            return ("", evaluation.name)
        }
        let member = "\(repetition.name)/\(labels)"
        guard evaluation.name.hasSuffix(member) else { return ("", labels) }
        let run = evaluation.name.dropLast(member.count)
        return (String(run.hasSuffix("/") ? run.dropLast() : run), labels)
    }

    /// The table for people.
    package var lines: [String] {
        var rows = [["predictions", "images"] + PredictionMeasure.allCases.map(\.title)]
        for evaluation in evaluations {
            rows.append(
                [evaluation.name, "\(evaluation.images)"]
                    + PredictionMeasure.allCases.map { measure in
                        evaluation[measure].map { Decimals.fixed($0, 4) } ?? "–"
                    })
        }
        for group in means {
            let numbers = PredictionMeasure.allCases.map { measure in
                guard let mean = group.means[measure], let deviation = group.deviations[measure] else { return "–" }
                return "\(Decimals.fixed(mean, 4)) ± \(Decimals.fixed(deviation, 4))"
            }
            rows.append(["\(group.name), \(group.count)", ""] + numbers)
        }
        let absent = evaluations.filter { !$0.absentClasses.isEmpty }.map {
            "\($0.name): no image of \($0.absentClasses.joined(separator: ", ")), left out of ACC"
        }
        return Decimals.table(rows) + absent + ceilingLines
    }

    /// One line per ceiling, with the predictions that it applies to.
    private var ceilingLines: [String] {
        var groups: [(ceiling: FibresOracle.Ceiling, names: [String])] = []
        for evaluation in evaluations {
            guard let ceiling = evaluation.ceiling else { continue }
            if let index = groups.firstIndex(where: { $0.ceiling == ceiling }) {
                groups[index].names.append(evaluation.name)
            } else {
                groups.append((ceiling, [evaluation.name]))
            }
        }
        return groups.map {
            "\($0.names.joined(separator: ", ")): best attainable \($0.ceiling.text), knowing the simulated annotators"
        }
    }
}

extension [UInt64?] {
    /// The numbers, if none is missing.
    fileprivate var allPresent: [UInt64]? {
        let present = compactMap(\.self)
        return present.count == count ? present : nil
    }
}
