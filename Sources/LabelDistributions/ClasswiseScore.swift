/// A mean over classes, and what it was taken over.
public struct ClasswiseScore: Sendable, Equatable {
    /// The mean of those scores of `byClass` that are not nil.
    public let value: Double
    /// A score for each class in class order; nil where the class was left out of the mean.
    public let byClass: [Double?]

    /// The classes left out of the mean, in class order.
    public var absentClasses: [Int] { byClass.indices.filter { byClass[$0] == nil } }

    init(byClass: [Double?]) {
        let present = byClass.compactMap { $0 }
        self.byClass = byClass
        value = present.reduce(0, +) / Double(present.count)
    }
}
