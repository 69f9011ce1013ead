import Foundation

/// How learning rate and decoupled weight decay go over a run.
public enum LearningRateSchedule: String, Sendable, CaseIterable, Codable {
    /// Half a cosine from the first step to the last.
    case cosine
    /// Half cosines, each beginning anew: the first over a fifth of all steps, each next one twice as long. The last is cut
    /// where the run ends.
    case restarts
}

/// A factor that falls from 1 to 0 along half a cosine, or along several (Loshchilov and Hutter, "SGDR", 2017).
///
/// Learning rate and decoupled weight decay are both multiplied by it, step by step.
struct CosineSchedule {
    /// Steps in the whole run.
    let steps: Int
    var form = LearningRateSchedule.cosine

    /// ½ (1 + cos(π t / T)) at step t (from 0) of a period of T.
    func factor(at step: Int) -> Double {
        var start = 0.0, period = Double(steps)
        if form == .restarts {
            period /= 5
            while Double(step) >= start + period {
                start += period
                period *= 2
            }
        }
        return 0.5 * (1 + cos(.pi * (Double(step) - start) / period))
    }
}
