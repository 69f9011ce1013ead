/// An array of any number of dimensions, in row-major (C) order: the last index moves fastest.
public struct NumericArray: Sendable, Equatable {
    /// The extent of each dimension; empty for a single number.
    public let shape: [Int]
    /// The values, whose number is the product of `shape`.
    public let values: [Float]

    /// Traps unless there are as many values as the shape says.
    public init(shape: [Int], values: [Float]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "an extent is not negative")
        precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
        self.shape = shape
        self.values = values
    }

    /// The number of values that `shape` holds, or nil if it exceeds an `Int`.
    static func count(of shape: [Int]) -> Int? {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            if overflow || extent < 0 { return nil }
            count = product
        }
        return count
    }
}
