/// A measure of predictions against label distributions. Tables, JSON and the choice of the best take everything they
/// need from here, so a new case appears in each of them.
public enum PredictionMeasure: String, Sendable, CaseIterable, CodingKey {
    /// `PredictionMetrics.macroAccuracy`.
    case macroAccuracy
    /// `PredictionMetrics.klDivergence`, in nats.
    case klDivergence
    /// `PredictionMetrics.macroF1`.
    case macroF1
    /// `PredictionMetrics.expectedCalibrationError` with 10 bins.
    case expectedCalibrationError
    /// `PredictionMetrics.softCrossEntropy`, in nats.
    case softCrossEntropy
    /// `PredictionMetrics.jensenShannonSimilarity`.
    case jensenShannonSimilarity
    /// `PredictionMetrics.softAccuracy`.
    case softAccuracy
    /// `PredictionMetrics.manhattanDistance`.
    case manhattanDistance
    /// `PredictionMetrics.entropyCorrelation`.
    case entropyCorrelation
    /// `PredictionMetrics.top1Accuracy`.
    case top1Accuracy

    /// The head of its column in tables that people read.
    public var title: String {
        switch self {
        case .macroAccuracy: "ACC"
        case .klDivergence: "KL"
        case .macroF1: "F1"
        case .expectedCalibrationError: "ECE"
        case .softCrossEntropy: "CE"
        case .jensenShannonSimilarity: "1-JSD"
        case .softAccuracy: "soft ACC"
        case .manhattanDistance: "L1"
        case .entropyCorrelation: "r(H)"
        case .top1Accuracy: "top-1"
        }
    }

    /// The name of its column in a CSV.
    public var columnName: String {
        switch self {
        case .macroAccuracy: "macro_accuracy"
        case .klDivergence: "kl_divergence"
        case .macroF1: "macro_f1"
        case .expectedCalibrationError: "ece"
        case .softCrossEntropy: "soft_cross_entropy"
        case .jensenShannonSimilarity: "jsd_similarity"
        case .softAccuracy: "soft_accuracy"
        case .manhattanDistance: "manhattan_distance"
        case .entropyCorrelation: "entropy_correlation"
        case .top1Accuracy: "top1_accuracy"
        }
    }

    /// Whether the larger of two values is the better one.
    public var isBetterLarger: Bool {
        switch self {
        case .macroAccuracy, .macroF1, .jensenShannonSimilarity, .softAccuracy, .entropyCorrelation, .top1Accuracy: true
        case .klDivergence, .expectedCalibrationError, .softCrossEntropy, .manhattanDistance: false
        }
    }

    /// The measure of N rows of K probabilities; nil where it is undefined, which can happen only for the entropy
    /// correlation.
    /// - Complexity: O(N · K).
    public func value(predictions: [[Double]], labels: [LabelDistribution]) -> Double? {
        switch self {
        case .macroAccuracy: PredictionMetrics.macroAccuracy(predictions: predictions, labels: labels).value
        case .klDivergence: PredictionMetrics.klDivergence(predictions: predictions, labels: labels)
        case .macroF1: PredictionMetrics.macroF1(predictions: predictions, labels: labels).value
        case .expectedCalibrationError:
            PredictionMetrics.expectedCalibrationError(predictions: predictions, labels: labels)
        case .softCrossEntropy: PredictionMetrics.softCrossEntropy(predictions: predictions, labels: labels)
        case .jensenShannonSimilarity:
            PredictionMetrics.jensenShannonSimilarity(predictions: predictions, labels: labels)
        case .softAccuracy: PredictionMetrics.softAccuracy(predictions: predictions, labels: labels)
        case .manhattanDistance: PredictionMetrics.manhattanDistance(predictions: predictions, labels: labels)
        case .entropyCorrelation: PredictionMetrics.entropyCorrelation(predictions: predictions, labels: labels)
        case .top1Accuracy: PredictionMetrics.top1Accuracy(predictions: predictions, labels: labels)
        }
    }
}
