import LabelDistributions
import TensorFiles

/// Predictions, which hold labels of their own, beside other labels of the same samples.
extension PredictionTable {
    /// How far two spellings of one share may be apart: label files may be rounded to two digits.
    private static let tolerance = 0.01

    /// The same predictions with the classes in the order of `wanted`, those of the file at `path`. With `allowsFurther`, others
    /// may follow that are in no true label. Throws `InputError` if the classes differ.
    func ordered(
        by wanted: [String], of path: String, allowsFurther: Bool = false
    ) throws(InputError) -> PredictionTable {
        if wanted == classes { return self }
        let known = Set(wanted)
        let further = classes.indices.filter { !known.contains(classes[$0]) }
        let places = wanted.compactMap(classes.firstIndex(of:))
        let mayFollow =
            allowsFurther && labels.allSatisfy { label in further.allSatisfy { label.probabilities[$0] == 0 } }
        if places.count < wanted.count || !further.isEmpty && !mayFollow {
            throw .otherClasses(path: ids.path, found: classes, expected: wanted, of: path)
        }
        let order = places + further
        var sorted: [LabelDistribution] = []
        for (row, label) in labels.enumerated() {
            do throws(LabelDistributionError) {
                sorted.append(try LabelDistribution(order.map { label.probabilities[$0] }))
            } catch {
                throw .label(path: ids.path, row: row + 1, error)
            }
        }
        return PredictionTable(
            ids: ids, classes: order.map { classes[$0] }, labels: sorted,
            predictions: predictions.map { row in order.map { row[$0] } })
    }

    /// The predictions with the classes of `samples`, which are in the same order of rows, if their labels agree. Where one of
    /// the two holds only single classes, each must be the most likely class of the other, and a remark says by which labels the
    /// predictions are measured. Throws `InputError` otherwise.
    func fitting(
        _ samples: SampleTable, allowsFurtherClasses: Bool
    ) throws(InputError) -> (table: PredictionTable, remark: String?) {
        let path = samples.interpretation?.file ?? samples.ids.path
        let table = try ordered(by: samples.classes, of: path, allowsFurther: allowsFurtherClasses)
        let isHard = samples.labels.allSatisfy { $0 == $0.oneHot }, isOwnHard = labels.allSatisfy { $0 == $0.oneHot }
        for (row, (given, own)) in zip(samples.labelsOfSamples, table.labels).enumerated() {
            guard let given else { continue }
            let agree =
                if isHard == isOwnHard {
                    zip(given.probabilities, own.probabilities).allSatisfy { abs($0 - $1) <= Self.tolerance }
                } else if isHard {
                    Self.isMostLikely(given.hardClass, in: own)
                } else {
                    Self.isMostLikely(own.hardClass, in: given)
                }
            if agree { continue }
            let shares = [given, own].map { label in
                Dictionary(uniqueKeysWithValues: zip(table.classes, label.probabilities).filter { $1 > 0 })
            }
            throw .otherLabels(
                LabelAgreement.sentence([path, ids.path], id: ids.ids[row], labels: shares),
                wayOn: "name predictions of these samples, whose true labels are those of --labels")
        }
        if isHard == isOwnHard { return (table, nil) }
        return (
            table,
            "\(ids.path): ACC and KL are measured by its own labels, which are "
                + "\(isOwnHard ? "single classes; \(path) holds shares" : "shares; \(path) holds single classes")"
        )
    }

    private static func isMostLikely(_ place: Int, in label: LabelDistribution) -> Bool {
        place < label.classCount && label.probabilities[place] >= label.probabilities.max()! - tolerance
    }
}
