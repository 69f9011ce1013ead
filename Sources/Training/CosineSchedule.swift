import Foundation

/// A factor that falls from 1 to 0 along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts).
///
/// Learning rate and weight decay are both multiplied by it, step by step.
struct CosineSchedule {
    /// Steps in the whole run.
    let steps: Int

    /// ½ (1 + cos(π t / T)) at step t (from 0) of T.
    func factor(at step: Int) -> Double {
        0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
    }
}
