import Foundation
import LabelDistributions
import Training

/// What distinguishes a training of a run from the others on the same split: the labels it saw, and the loss it minimised.
package struct MemberKind: Sendable, Hashable {
    var labels: LabelKind
    /// Whether quantized labels were redrawn in each epoch.
    var resamples = false
    /// How many annotations per image were known; nil for all.
    var annotations: Int?
    /// How many images were used for training; nil for all of the split's.
    var trainingImages: Int?
    var loss = LossKind.crossEntropy
    /// The share of each target spread evenly over all classes.
    var labelSmoothing = 0.0
    /// α of mixup; 0 for none.
    var mixup = 0.0

    package init(
        labels: LabelKind, resamples: Bool = false, loss: LossKind = .crossEntropy, labelSmoothing: Double = 0,
        mixup: Double = 0
    ) {
        self.labels = labels
        self.resamples = resamples
        self.loss = loss
        self.labelSmoothing = labelSmoothing
        self.mixup = mixup
    }

    /// Sets `parameters` to those of a training of this kind.
    func apply(to parameters: inout TrainingParameters) {
        parameters.labels = labels
        parameters.resamples = resamples
        parameters.annotations = annotations
        parameters.trainingImages = trainingImages
        parameters.loss = loss
        parameters.labelSmoothing = labelSmoothing
        parameters.mixup = mixup
    }

    package init(of parameters: TrainingParameters) {
        labels = parameters.labels
        resamples = parameters.resamples
        annotations = parameters.annotations
        trainingImages = parameters.trainingImages
        loss = parameters.loss
        labelSmoothing = parameters.labelSmoothing
        mixup = parameters.mixup
    }

    /// The kind that the folder of `file` belongs to; nil for other folders.
    init?(folderOf file: URL) {
        self.init(name: file.standardizedFileURL.deletingLastPathComponent().lastPathComponent)
    }

    /// The kind that a folder of this name belongs to; nil for other folders.
    package init?(name: String) {
        var words = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)[...]
        guard let labels = words.popFirst().flatMap(LabelKind.init(rawValue:)) else { return nil }
        self.init(labels: labels)
        for word in words {
            if word == Self.resampled {
                resamples = true
            } else if word.hasPrefix(Self.annotations) {
                annotations = Int(word.dropFirst(Self.annotations.count))
            } else if word.hasPrefix(Self.images) {
                trainingImages = Int(word.dropFirst(Self.images.count))
            } else if word.hasPrefix(Self.smoothing) {
                labelSmoothing = Double(word.dropFirst(Self.smoothing.count)) ?? 0
            } else if word.hasPrefix(Self.mixup) {
                mixup = Double(word.dropFirst(Self.mixup.count)) ?? 0
            } else if let loss = LossKind(rawValue: word) {
                self.loss = loss
            }
        }
        // Words out of order, repeated or unknown: not a folder of this program.
        if self.name != name { return nil }
    }

    private static let resampled = "resampled", annotations = "annotations", images = "images"
    private static let smoothing = "smoothing", mixup = "mixup"

    /// The folder's name: `hard`, `hard-smoothing0.1`, `quantized-cpu`, `soft-annotations3-images1000`.
    var name: String {
        var words = [labels.rawValue]
        if resamples { words.append(Self.resampled) }
        if let annotations { words.append("\(Self.annotations)\(annotations)") }
        if let trainingImages { words.append("\(Self.images)\(trainingImages)") }
        if labelSmoothing > 0 { words.append("\(Self.smoothing)\(labelSmoothing)") }
        if mixup > 0 { words.append("\(Self.mixup)\(mixup)") }
        if loss != .crossEntropy { words.append(loss.rawValue) }
        return words.joined(separator: "-")
    }

    /// For people: `quantized + cpu`, `hard + mixup 0.2`, `soft, 3 annotations, 1000 images`.
    var title: String { title(noun: "") }

    /// For people, above a map: `quantized labels + cpu`.
    var heading: String { title(noun: " labels") }

    private func title(noun: String) -> String {
        let controls = [
            labelSmoothing > 0 ? "smoothing \(labelSmoothing)" : nil, mixup > 0 ? "mixup \(mixup)" : nil,
            loss == .crossEntropy ? nil : loss.rawValue,
        ]
        let details = [
            resamples ? "drawn anew" : nil, annotations.map { "\($0) annotation\($0 == 1 ? "" : "s")" },
            trainingImages.map { "\($0) images" },
        ]
        let means = ([labels.rawValue + noun] + controls.compactMap(\.self)).joined(separator: " + ")
        return ([means] + details.compactMap(\.self)).joined(separator: ", ")
    }

    /// The order in tables and figures: hard, soft, quantized, each beginning with the kind that has all annotations and
    /// images.
    static func precedes(_ first: MemberKind, _ second: MemberKind) -> Bool {
        func rank(_ kind: MemberKind) -> [Int] {
            [
                LabelKind.allCases.firstIndex(of: kind.labels)!, LossKind.allCases.firstIndex(of: kind.loss)!,
                kind.mixup > 0 ? 1 : 0, kind.labelSmoothing > 0 ? 1 : 0, kind.resamples ? 1 : 0,
                -(kind.annotations ?? .max), -(kind.trainingImages ?? .max),
            ]
        }
        let (one, two) = (rank(first), rank(second))
        return one == two ? first.name < second.name : one.lexicographicallyPrecedes(two)
    }
}
