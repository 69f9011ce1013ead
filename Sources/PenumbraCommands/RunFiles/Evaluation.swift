import LabelDistributions

/// The measures of one set of predictions.
struct Evaluation: Codable, Sendable, Equatable {
    /// The run's member or the file that the predictions are from.
    var name: String
    /// 1…5, where the predictions are of a run.
    var split: Int?
    /// `hard`, `quantized-cpu` or another kind's name, where the predictions are of a run.
    var labels: String?
    var images: Int
    var macroAccuracy: Double
    /// KL(human ‖ model) in nats.
    var klDivergence: Double
    var macroF1: Double
    /// With 10 bins.
    var expectedCalibrationError: Double
    /// Classes that are the hard label of no image, which the macro accuracy leaves out.
    var absentClasses: [String]

    /// Measures the rows of `table`.
    init(_ table: PredictionTable, name: String, split: Int? = nil, kind: MemberKind? = nil) {
        let (predictions, truth) = (table.predictions, table.labels)
        let accuracy = PredictionMetrics.macroAccuracy(predictions: predictions, labels: truth)
        self.name = name
        self.split = split
        labels = kind?.name
        images = truth.count
        macroAccuracy = accuracy.value
        klDivergence = PredictionMetrics.klDivergence(predictions: predictions, labels: truth)
        macroF1 = PredictionMetrics.macroF1(predictions: predictions, labels: truth).value
        expectedCalibrationError = PredictionMetrics.expectedCalibrationError(predictions: predictions, labels: truth)
        absentClasses = accuracy.absentClasses.map { table.classes[$0] }
    }

    /// The measures in the order of tables: ACC, KL, F1, ECE.
    var measures: [Double] { [macroAccuracy, klDivergence, macroF1, expectedCalibrationError] }

    /// What the measures are called in tables.
    static let measureNames = ["ACC", "KL", "F1", "ECE"]
}
