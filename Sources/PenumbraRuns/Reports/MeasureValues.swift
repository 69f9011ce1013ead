import LabelDistributions

/// Values of measures of predictions. In JSON each is a field whose key is the name of the measure's column in a CSV.
struct MeasureValues: Codable, Sendable, Equatable {
    private var values: [PredictionMeasure: Double]

    init(_ values: [PredictionMeasure: Double]) { self.values = values }

    /// From one value for each measure, in the order of `PredictionMeasure.allCases`.
    init(present values: [Double?]) {
        self.init(
            Dictionary(
                uniqueKeysWithValues: zip(PredictionMeasure.allCases, values).compactMap { measure, value in
                    value.map { (measure, $0) }
                }))
    }

    /// Nil if the measure is undefined, or did not exist in the program version that measured.
    subscript(measure: PredictionMeasure) -> Double? { values[measure] }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        values = Dictionary(
            uniqueKeysWithValues: try PredictionMeasure.allCases.compactMap { measure in
                let value =
                    try fields.decodeIfPresent(Double.self, forKey: Key(measure))
                    ?? fields.decodeIfPresent(Double.self, forKey: Key(formerOf: measure))
                return value.map { (measure, $0) }
            })
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        for measure in PredictionMeasure.allCases { try fields.encodeIfPresent(self[measure], forKey: Key(measure)) }
    }

    /// The name of a measure's column in the spelling that `JSONText` turns into it: `jsdSimilarity` for `jsd_similarity`.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ measure: PredictionMeasure) {
            let words = measure.columnName.split(separator: "_")
            stringValue = words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }

        /// The key before format 2 of evaluations: the name of the case.
        init(formerOf measure: PredictionMeasure) { stringValue = measure.rawValue }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
