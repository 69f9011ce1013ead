import Foundation
import ImageDatasets
import LabelDistributions

/// The measures of one set of predictions. In JSON each measure is a field of its own.
package struct Evaluation: Codable, Sendable, Equatable {
    /// The member of a run, or the file, that the predictions come from.
    package var name: String
    /// Present if the predictions belong to a run.
    var split: Split?
    /// Present if the run has trainings with several seeds on a split.
    var seed: UInt64?
    /// `hard`, `quantized-cpu` or another kind's name, if the predictions belong to a run.
    var labels: String?
    var images: Int
    /// Only the measures that are defined for these predictions.
    private let values: MeasureValues
    /// Classes that are not the hard label of any image; the macro accuracy omits them.
    var absentClasses: [String]
    /// The best attainable result on these images, if they are simulated fibres.
    var ceiling: FibresOracle.Ceiling?

    private enum CodingKeys: String, CodingKey {
        case name, split, seed, labels, images, absentClasses, ceiling
    }

    private static func fault(_ key: CodingKeys, _ problem: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: [key], debugDescription: problem))
    }

    /// Measures the rows of `table`. `ceilings` returns the best attainable result on images of `folder`.
    package init(
        _ table: PredictionTable, name: String, repetition: Repetition? = nil, kind: MemberKind? = nil,
        folder: URL? = nil,
        ceilings: FibresCeilings? = nil
    ) {
        let (predictions, truth) = (table.predictions, table.labels)
        self.name = name
        split = repetition?.split
        seed = repetition?.seed
        labels = kind?.name
        images = truth.count
        values = MeasureValues(
            present: PredictionMeasure.allCases.map { $0.value(predictions: predictions, labels: truth) })
        absentClasses = PredictionMetrics.macroAccuracy(predictions: predictions, labels: truth).absentClasses
            .map { table.classes[$0] }
        ceiling = folder.flatMap { ceilings?.ceiling(of: table.ids.ids, in: $0) }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.decode(String.self, forKey: .name)
        split = try fields.decodeIfPresent(Split.self, forKey: .split)
        seed = try fields.decodeIfPresent(UInt64.self, forKey: .seed)
        labels = try fields.decodeIfPresent(String.self, forKey: .labels)
        images = try fields.decode(Int.self, forKey: .images)
        if !(0...Int(Int32.max)).contains(images) {
            throw Self.fault(.images, "found \(images); expected 0 to \(Int32.max)")
        }
        absentClasses = try fields.decode([String].self, forKey: .absentClasses)
        ceiling = try fields.decodeIfPresent(FibresOracle.Ceiling.self, forKey: .ceiling)
        values = try MeasureValues(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encodeIfPresent(split, forKey: .split)
        try fields.encodeIfPresent(seed, forKey: .seed)
        try fields.encodeIfPresent(labels, forKey: .labels)
        try fields.encode(images, forKey: .images)
        try fields.encode(absentClasses, forKey: .absentClasses)
        try fields.encodeIfPresent(ceiling, forKey: .ceiling)
        try values.encode(to: encoder)
    }

    /// Nil if the predictions do not belong to a run.
    var repetition: Repetition? { split.map { Repetition(split: $0, seed: seed) } }

    /// Nil if the measure is undefined for these predictions, or did not exist in the program version that measured them.
    subscript(measure: PredictionMeasure) -> Double? { values[measure] }
}
