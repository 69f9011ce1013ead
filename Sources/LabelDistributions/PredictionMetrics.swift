import Foundation

/// The measures of N predictions against N label distributions, all in double precision, sums taken in the order of
/// the rows.
///
/// `predictions` is N × K: one row of K probabilities per image, as a softmax gives them. Every function traps if there
/// are no rows, or if the numbers of rows or classes differ. The predicted class is the one with the largest
/// probability, on a tie the first.
/// - Complexity: O(N · K) each.
public enum PredictionMetrics {
    /// The mean over classes of recall, the predicted class against the hard label. A class that is the hard label of no
    /// image is left out, and named in `absentClasses`. Equals scikit-learn's `balanced_accuracy_score`.
    public static func macroAccuracy(predictions: [[Double]], labels: [LabelDistribution]) -> ClasswiseScore {
        let confusion = Confusion(predictions: predictions, labels: labels)
        return ClasswiseScore(
            byClass: confusion.labelled.indices.map { index in
                let total = confusion.labelled[index]
                return total == 0 ? nil : Double(confusion.agreed[index]) / Double(total)
            })
    }

    /// The share of images whose predicted class is the hard label, in which frequent classes count more. Equals
    /// scikit-learn's `accuracy_score`.
    public static func top1Accuracy(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        let confusion = Confusion(predictions: predictions, labels: labels)
        return Double(confusion.agreed.reduce(0, +)) / Double(labels.count)
    }

    /// The mean over classes of F1 = 2 TP / (2 TP + FP + FN) against the hard label. As in scikit-learn's `f1_score` with
    /// `average="macro"`, a class that is neither anyone's label nor predicted is left out, and named in
    /// `absentClasses`; one that is only predicted counts as 0.
    public static func macroF1(predictions: [[Double]], labels: [LabelDistribution]) -> ClasswiseScore {
        let confusion = Confusion(predictions: predictions, labels: labels)
        return ClasswiseScore(
            byClass: confusion.labelled.indices.map { index in
                let total = confusion.labelled[index] + confusion.predicted[index]
                return total == 0 ? nil : 2 * Double(confusion.agreed[index]) / Double(total)
            })
    }

    /// KL(human ‖ model) in nats: the mean over images of Σₖ yₖ ln(yₖ / pₖ), with y and p each clipped to
    /// [10⁻⁵, 1 − 10⁻⁵] and not renormalised, as the DCIC benchmark defines it. (So it can be slightly negative, and a NaN
    /// in a prediction makes it NaN.)
    public static func klDivergence(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        check(predictions, labels)
        var sum = 0.0
        for (row, label) in zip(predictions, labels) {
            for (prediction, probability) in zip(row, label.probabilities) {
                sum += divergenceTerm(probability, prediction)
            }
        }
        return sum / Double(labels.count)
    }

    /// What one class of one image adds to that divergence: y ln(y / p), both clipped.
    public static func divergenceTerm(_ probability: Double, _ prediction: Double) -> Double {
        let y = clipped(probability)
        return y * log(y / clipped(prediction))
    }

    /// The expected calibration error (Guo et al., "On calibration of modern neural networks", 2017): images are put into
    /// `bins` equal intervals (a, b] of confidence, the largest predicted probability; the result is the mean of
    /// |accuracy − mean confidence| over the bins, weighted by their numbers of images. Accuracy is against the hard label.
    public static func expectedCalibrationError(
        predictions: [[Double]], labels: [LabelDistribution], bins: Int = 10
    ) -> Double {
        check(predictions, labels)
        precondition(bins > 0, "calibration needs at least one bin")
        var gaps = [Double](repeating: 0, count: bins)
        for (row, label) in zip(predictions, labels) {
            let predicted = row.indexOfFirstMaximum
            let confidence = row[predicted]
            if confidence.isNaN { return .nan }
            let position = (confidence * Double(bins)).rounded(.up)
            let bin = Int(min(max(position, 1), Double(bins))) - 1
            gaps[bin] += (predicted == label.hardClass ? 1 : 0) - confidence
        }
        return gaps.reduce(0) { $0 + abs($1) } / Double(labels.count)
    }

    /// `value` within [10⁻⁵, 1 − 10⁻⁵]; NaN stays NaN.
    private static func clipped(_ value: Double) -> Double {
        value < 1e-5 ? 1e-5 : value > 1 - 1e-5 ? 1 - 1e-5 : value
    }

    static func check(_ predictions: [[Double]], _ labels: [LabelDistribution]) {
        precondition(!labels.isEmpty, "there is no measure of no predictions")
        precondition(predictions.count == labels.count, "\(predictions.count) predictions for \(labels.count) labels")
        let classCount = labels[0].classCount
        for (row, label) in zip(predictions, labels) {
            precondition(
                row.count == classCount && label.classCount == classCount,
                "a row of \(row.count) probabilities for a label of \(label.classCount) classes")
        }
    }

    /// How often each class is the hard label, the predicted class, and both of one image.
    private struct Confusion {
        var labelled: [Int]
        var predicted: [Int]
        var agreed: [Int]

        init(predictions: [[Double]], labels: [LabelDistribution]) {
            check(predictions, labels)
            labelled = [Int](repeating: 0, count: labels[0].classCount)
            predicted = labelled
            agreed = labelled
            for (row, label) in zip(predictions, labels) {
                let (truth, guess) = (label.hardClass, row.indexOfFirstMaximum)
                labelled[truth] += 1
                predicted[guess] += 1
                if truth == guess { agreed[truth] += 1 }
            }
        }
    }
}
