import Foundation

/// Adjusts features so that neither single precision nor one far row hides the structure of the others. Distances between the
/// other rows are preserved.
struct FeatureScaling: Sendable {
    /// The offset of each column, by position; subtracted in double precision before the numbers are rounded.
    var offsets: [Int: Double] = [:]
    /// Rows far beyond all others, which are pulled in; nil if there are none.
    var farRows: FarRows?
    /// The number of rows far beyond the others if they are too many to be exceptions; these stay where they are.
    var farCrowd = 0

    /// A column loses digits to a common offset if its numbers differ by less than this share of their size.
    private static let leastSpread: Float = 0x1p-10

    /// The columns that lose digits in single precision, such as times in seconds since 1970.
    static func narrowColumns(_ values: [Float], count: Int, dimension: Int) -> [Int] {
        var low = [Float](repeating: .infinity, count: dimension), high = low.map { -$0 }
        values.withUnsafeBufferPointer { values in
            for row in 0..<count {
                for column in 0..<dimension {
                    let value = values[row * dimension + column]
                    // Comparisons with NaN are false, so a column of only NaN keeps its infinities.
                    if value < low[column] { low[column] = value }
                    if value > high[column] { high[column] = value }
                }
            }
        }
        return (0..<dimension).filter { column in
            let size = max(abs(low[column]), abs(high[column]))
            return size.isFinite && size > 0 && high[column] - low[column] < leastSpread * size
        }
    }

    /// Subtracts the offsets. `columns` are those that lose digits, with their numbers in double precision; a constant column
    /// is left alone. If there are offsets of a reference, those are subtracted instead, from all their columns.
    mutating func center(_ values: inout [Float], dimension: Int, columns: [(column: Int, numbers: [Double])]) {
        for (column, numbers) in columns {
            let given = offsets[column]
            guard let offset = given ?? numbers.first, offset.isFinite else { continue }
            if given == nil && numbers.allSatisfy({ $0 == offset }) { continue }
            offsets[column] = offset
            for (row, number) in numbers.enumerated() { values[row * dimension + column] = Float(number - offset) }
        }
    }

    /// Rows so far from the others that these would all collapse to one point, such as rows of a fill value (9.97e36). They are
    /// pulled in along their direction, but remain farther from every other row than any two others are from each other.
    struct FarRows: Sendable {
        /// The median of every column.
        private let middle: [Float]
        /// The largest deviation of a row that still counts as one of the others.
        private let limit: Double
        /// The distance from the middle at which far rows are placed.
        private let distance: Double

        /// A row counts as far if its deviation is at least this multiple of the usual one.
        static let factor = 0x1p14
        /// The largest share of rows that may be far; if more are, they are not exceptions.
        private static let mostShare = 0.1
        private static let mostSampleRows = 255
        private static let distanceInRadii = 16.0

        /// The rows to pull in, nil if no row is far or too many are; in the latter case `crowd` is their number.
        ///
        /// - Complexity: O(N × D).
        static func found(in values: [Float], count: Int, dimension: Int) -> (rows: FarRows?, crowd: Int) {
            if count < 4 || dimension == 0 || values.contains(where: { !$0.isFinite }) { return (nil, 0) }
            let middle = Self.middle(values, count: count, dimension: dimension)
            let deviations = (0..<count).map {
                Self.deviation(values, $0, dimension: dimension, middle: middle).largest
            }
            let sorted = deviations.filter { $0 > 0 }.sorted()
            guard let largest = sorted.last else { return (nil, 0) }
            let limit = Self.factor * sorted[sorted.count / 2]
            if largest <= limit { return (nil, 0) }
            let far = deviations.count { $0 > limit }
            if far > 1 && Double(far) > Self.mostShare * Double(count) { return (nil, far) }
            var radius = 0.0
            for row in 0..<count where deviations[row] <= limit {
                radius = max(radius, Self.deviation(values, row, dimension: dimension, middle: middle).length)
            }
            return (FarRows(middle: middle, limit: limit, distance: Self.distanceInRadii * radius), 0)
        }

        /// Pulls in the far ones among these rows and returns their indices.
        func drawIn(_ values: inout [Float], count: Int) -> [Int] {
            let dimension = middle.count
            return (0..<count).filter { row in
                let deviation = Self.deviation(values, row, dimension: dimension, middle: middle)
                if deviation.largest <= limit { return false }
                let factor = distance / deviation.length
                for column in 0..<dimension {
                    let place = row * dimension + column
                    let center = Double(middle[column])
                    values[place] = Float(center + (Double(values[place]) - center) * factor)
                }
                return true
            }
        }

        /// The median of every column, over a sample of evenly spaced rows.
        private static func middle(_ values: [Float], count: Int, dimension: Int) -> [Float] {
            let number = min(count, mostSampleRows)
            return (0..<dimension).map { column in
                let sorted = (0..<number).map { values[$0 * count / number * dimension + column] }.sorted()
                return sorted[number / 2]
            }
        }

        private static func deviation(
            _ values: [Float], _ row: Int, dimension: Int, middle: [Float]
        ) -> (largest: Double, length: Double) {
            var (largest, sum) = (0.0, 0.0)
            values.withUnsafeBufferPointer { values in
                for column in 0..<dimension {
                    let deviation = abs(Double(values[row * dimension + column]) - Double(middle[column]))
                    largest = max(largest, deviation)
                    sum += deviation * deviation
                }
            }
            return (largest, sum.squareRoot())
        }
    }
}
