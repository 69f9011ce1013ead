/// The numbers that a parameter or an option can take.
public struct ParameterRange<Value: Sendable>: Sendable {
    /// The range in words, as used in messages: `at least 0 and below 1`.
    public let description: String
    let contains: @Sendable (Value) -> Bool

    /// The numbers that `contains` accepts; `description` says which.
    public init(_ description: String, contains: @escaping @Sendable (Value) -> Bool) {
        self.description = description
        self.contains = contains
    }
}

extension ParameterRange where Value: ParameterValue {
    /// The value that `word` spells; nil if it spells none, or one outside the range.
    public func value(_ word: String) -> Value? { Value(word: word).flatMap { contains($0) ? $0 : nil } }
}

extension ParameterRange where Value: Comparable {
    /// From `least` to `most`, both included.
    public static func from(_ least: Value, to most: Value) -> Self { within(least...most) }

    /// The numbers of `range`.
    public static func within(_ range: ClosedRange<Value>) -> Self {
        func text(_ bound: Value) -> String {
            let text = "\(bound)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        return Self("\(text(range.lowerBound)) to \(text(range.upperBound))") { range.contains($0) }
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
