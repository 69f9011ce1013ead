import Foundation
import LabelDistributions
import TensorFiles

/// The record of one finished epoch.
public struct EpochRecord: Sendable, Equatable {
    /// From 1.
    public let epoch: Int
    /// The mean of what the training minimises (`TrainingParameters.loss`) over the training samples, each taken at its
    /// step.
    public let loss: Double
    /// The learning rate of the epoch's first step.
    public let learningRate: Double
    /// The measures on the validation samples, as far as they are defined there.
    public let validation: [PredictionMeasure: Double]
    /// Wall-clock time of the epoch, validation included; of a resumed epoch, what it took after resuming.
    public let seconds: Double

    /// Macro accuracy on the validation samples.
    public var validationAccuracy: Double { validation[.macroAccuracy] ?? .nan }
    /// KL(human ‖ model) on the validation samples, in nats.
    public var validationKL: Double { validation[.klDivergence] ?? .nan }
}

extension EpochRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case epoch, loss, learningRate, validation, seconds
        /// In records of programs that measured no more than these two.
        case validationAccuracy, validationKL
    }

    /// Also reads records from program versions that measured only accuracy and KL.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if fields.contains(.validation) {
            let measures = try fields.nestedContainer(keyedBy: PredictionMeasure.self, forKey: .validation)
            validation = Dictionary(
                uniqueKeysWithValues: try measures.allKeys.map { ($0, try measures.decode(Double.self, forKey: $0)) })
        } else {
            validation = [
                .macroAccuracy: try fields.decode(Double.self, forKey: .validationAccuracy),
                .klDivergence: try fields.decode(Double.self, forKey: .validationKL),
            ]
        }
        epoch = try fields.decode(Int.self, forKey: .epoch)
        loss = try fields.decode(Double.self, forKey: .loss)
        learningRate = try fields.decode(Double.self, forKey: .learningRate)
        seconds = try fields.decode(Double.self, forKey: .seconds)
    }

    /// Writes each measure that is defined under its name.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(epoch, forKey: .epoch)
        try fields.encode(loss, forKey: .loss)
        try fields.encode(learningRate, forKey: .learningRate)
        var measures = fields.nestedContainer(keyedBy: PredictionMeasure.self, forKey: .validation)
        for (measure, value) in validation { try measures.encode(value, forKey: measure) }
        try fields.encode(seconds, forKey: .seconds)
    }
}

/// The table `history.csv`: one row per epoch. A measure that is not defined leaves its field empty.
enum TrainingHistory {
    static func write(_ records: [EpochRecord], to url: URL) throws {
        let header = ["epoch", "loss", "learning_rate"] + PredictionMeasure.allCases.map(column) + ["seconds"]
        try CSVWriter.write(to: url, header: header) { table in
            for record in records {
                try table.append(
                    [.integer(record.epoch), .double(record.loss), .double(record.learningRate)]
                        + PredictionMeasure.allCases.map { measure in
                            record.validation[measure].map { .double($0) } ?? .text("")
                        } + [.double((record.seconds * 1000).rounded() / 1000)])
            }
        }
    }

    private static func column(of measure: PredictionMeasure) -> String {
        switch measure {
        case .macroAccuracy: "validation_accuracy"
        case .klDivergence: "validation_kl"
        default: "validation_" + measure.columnName
        }
    }
}
