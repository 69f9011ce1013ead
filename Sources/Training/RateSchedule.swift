import Foundation
import Parameters

/// How learning rate and decoupled weight decay change during a run.
public enum LearningRateSchedule: String, Sendable, CaseIterable, Codable {
    /// Half a cosine from the first step to the last.
    case cosine
    /// Half cosines with restarts: the first over a fifth of all steps, each following one twice as long. The last is
    /// cut off at the end of the run.
    case restarts
    /// Constant, divided by ten after each milestone.
    case steps
}

/// Numbers of epochs, ascending, as in `100,150`.
public struct Milestones: ParameterValue {
    /// From 1.
    public let epochs: [Int]

    /// These epochs; nil unless there are some, of at least 1 and ascending.
    public init?(_ epochs: [Int]) {
        if epochs.isEmpty || epochs[0] < 1 || !zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 }) { return nil }
        self.epochs = epochs
    }

    /// As a command line has them.
    public init?(word: String) {
        let epochs = word.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        self.init(epochs.compactMap(\.self))
        if self.epochs.count != epochs.count { return nil }
    }

    /// Takes an array of numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let milestones = Milestones(try container.decode([Int].self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not \(Self.expectation)")
        }
        self = milestones
    }

    /// Writes an array of numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(epochs)
    }

    /// As a command line has them.
    public var word: String { epochs.map(String.init).joined(separator: ",") }

    /// For messages.
    public static var expectation: String { "ascending epochs of at least 1 with commas between them" }
}

/// A factor of learning rate and decoupled weight decay, step by step: from 1 to 0 along half a cosine or along several
/// (Loshchilov and Hutter, "SGDR", 2017), or a power of a tenth.
struct RateSchedule {
    /// Steps in the whole run.
    let steps: Int
    var form = LearningRateSchedule.cosine
    /// Of the form `steps`: the first steps with a tenth of the rate before them, ascending.
    var milestones: [Int] = []

    /// At step t, from 0. Of a cosine it is ½ (1 + cos(π t / T)) in a period of T.
    func factor(at step: Int) -> Double {
        var start = 0.0, period = Double(steps)
        switch form {
        case .cosine: break
        case .restarts:
            period /= 5
            while Double(step) >= start + period {
                start += period
                period *= 2
            }
        case .steps: return pow(10, -Double(milestones.count { $0 <= step }))
        }
        return 0.5 * (1 + cos(.pi * (Double(step) - start) / period))
    }
}

extension TrainingParameters {
    /// The schedule of a run with so many steps per epoch.
    func rateSchedule(stepsPerEpoch: Int) -> RateSchedule {
        RateSchedule(
            steps: stepsPerEpoch * epochs, form: schedule,
            milestones: (milestones?.epochs ?? []).map { $0 * stepsPerEpoch })
    }
}
