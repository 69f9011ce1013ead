/// A measure of predictions against label distributions. Tables, JSON and the choice of the best take all they need from
/// here: a case that is added appears in each of them.
public enum PredictionMeasure: String, Sendable, CaseIterable, CodingKey {
    /// `PredictionMetrics.macroAccuracy`.
    case macroAccuracy
    /// `PredictionMetrics.klDivergence`, in nats.
    case klDivergence
    /// `PredictionMetrics.macroF1`.
    case macroF1
    /// `PredictionMetrics.expectedCalibrationError` with 10 bins.
    case expectedCalibrationError

    /// The head of its column in tables that people read.
    public var title: String {
        switch self {
        case .macroAccuracy: "ACC"
        case .klDivergence: "KL"
        case .macroF1: "F1"
        case .expectedCalibrationError: "ECE"
        }
    }

    /// The name of its column in a CSV.
    public var columnName: String {
        switch self {
        case .macroAccuracy: "macro_accuracy"
        case .klDivergence: "kl_divergence"
        case .macroF1: "macro_f1"
        case .expectedCalibrationError: "ece"
        }
    }

    /// Whether the larger of two values is the better one.
    public var isBetterLarger: Bool {
        switch self {
        case .macroAccuracy, .macroF1: true
        case .klDivergence, .expectedCalibrationError: false
        }
    }

    /// The measure of N rows of K probabilities.
    /// - Complexity: O(N · K).
    public func value(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        switch self {
        case .macroAccuracy: PredictionMetrics.macroAccuracy(predictions: predictions, labels: labels).value
        case .klDivergence: PredictionMetrics.klDivergence(predictions: predictions, labels: labels)
        case .macroF1: PredictionMetrics.macroF1(predictions: predictions, labels: labels).value
        case .expectedCalibrationError:
            PredictionMetrics.expectedCalibrationError(predictions: predictions, labels: labels)
        }
    }
}
