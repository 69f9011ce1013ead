/// The numbers that a parameter can take.
public struct ParameterRange<Value: Sendable>: Sendable {
    /// The range in words, as messages have it: `at least 0 and below 1`.
    public let description: String
    let contains: @Sendable (Value) -> Bool

    /// The numbers that `contains` accepts; `description` says which.
    public init(_ description: String, contains: @escaping @Sendable (Value) -> Bool) {
        self.description = description
        self.contains = contains
    }
}

extension ParameterRange where Value: Comparable {
    /// From `least` to `most`, both included.
    public static func from(_ least: Value, to most: Value) -> Self {
        Self("\(least) to \(most)") { (least...most).contains($0) }
    }
}

extension ParameterRange<Int> {
    /// `least` and all greater numbers.
    public static func atLeast(_ least: Int) -> Self { Self("at least \(least)") { $0 >= least } }
}

extension ParameterRange<Double> {
    /// Shares: 0 and all numbers below 1.
    public static var belowOne: Self { Self("a number of at least 0 and below 1") { (0..<1).contains($0) } }
    /// Finite numbers above 0.
    public static var positive: Self { Self("a number above 0") { $0 > 0 && $0.isFinite } }
}
