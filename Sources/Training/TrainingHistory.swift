import Foundation
import TensorFiles

/// What is known of one epoch when it has ended.
public struct EpochRecord: Sendable, Equatable, Codable {
    /// From 1.
    public let epoch: Int
    /// The mean of what the training minimises (`TrainingParameters.loss`) over the training samples, each taken at its
    /// step.
    public let loss: Double
    /// The learning rate of the epoch's first step.
    public let learningRate: Double
    /// Macro accuracy on the validation samples.
    public let validationAccuracy: Double
    /// KL(human ‖ model) on the validation samples, in nats.
    public let validationKL: Double
    /// Wall-clock time of the epoch, validation included; of a resumed epoch, what it took after resuming.
    public let seconds: Double
}

/// The table `history.csv`: one row an epoch.
enum TrainingHistory {
    static func write(_ records: [EpochRecord], to url: URL) throws {
        let header = ["epoch", "loss", "learning_rate", "validation_accuracy", "validation_kl", "seconds"]
        try CSVWriter.write(to: url, header: header) { table in
            for record in records {
                try table.append([
                    .integer(record.epoch), .double(record.loss), .double(record.learningRate),
                    .double(record.validationAccuracy), .double(record.validationKL),
                    .double((record.seconds * 1000).rounded() / 1000),
                ])
            }
        }
    }
}
