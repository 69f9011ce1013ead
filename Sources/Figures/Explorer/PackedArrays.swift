import Foundation
import TensorFiles

/// Arrays of numbers for the page: split into planes (all first bytes, all second bytes, …), which compress better, and
/// deflated. `arrays.js` is the counterpart.
struct PackedArrays {
    /// Refers to an array by its number, and says how to read its bytes.
    struct Reference: Encodable {
        let array: Int
        let type: Kind
        /// The number of values.
        let count: Int
        /// The number of bytes in a group of values, which is the number of planes.
        let width: Int
        /// For `steps`: the number at the first step, and the size of one step.
        var low: Float?
        var step: Float?
        /// For `table`: the values that the indices stand for, null for NaN.
        var values: [Float?]?
    }

    enum Kind: String, Encodable {
        case float32, uint32, uint16, uint8
        /// Step numbers as `uint16`; 65,535 is NaN.
        case steps
        /// Indices into a table as `uint8`.
        case table
    }

    /// Zlib streams.
    private(set) var data: [Data] = []
    /// Whether numbers are stored in steps even though that loses precision.
    let isCoarse: Bool

    init(isCoarse: Bool) { self.isCoarse = isCoarse }

    /// The most distinct values in a table.
    private static let mostInTable = 255

    /// The number of steps: in general, and for predictions, which are shown in percent; 65,535 is NaN.
    static let (steps, predictionSteps) = (65_534, 1_023)

    /// Adds values in groups of `group`, such as x and y, which compress better separately. Throws `drawing` if zlib fails.
    mutating func add(
        _ values: [Float], group: Int = 1, steps: Int = PackedArrays.steps
    ) throws(FigureError) -> Reference {
        if let (places, table) = Self.table(of: values) {
            var reference = try add(places, .table, group: group)
            reference.values = table.map { $0.isFinite ? $0 : nil }
            return reference
        }
        if !isCoarse { return try add(values, .float32, group: group) }
        let finite = values.lazy.filter(\.isFinite)
        let low = finite.min() ?? 0
        let extent = Double(finite.max() ?? 0) - Double(low)
        let step = extent > 0 ? extent / Double(steps) : 1
        let numbers = values.map { value -> UInt16 in
            value.isFinite ? UInt16(((Double(value) - Double(low)) / step).rounded()) : .max
        }
        var reference = try add(numbers, .steps, group: group)
        (reference.low, reference.step) = (low, Float(step))
        return reference
    }

    mutating func add(_ values: [UInt32]) throws(FigureError) -> Reference { try add(values, .uint32, group: 1) }

    mutating func add(_ values: [UInt16]) throws(FigureError) -> Reference { try add(values, .uint16, group: 1) }

    mutating func add(_ values: [UInt8], group: Int = 1) throws(FigureError) -> Reference {
        try add(values, .uint8, group: group)
    }

    private mutating func add<Value: BitwiseCopyable>(
        _ values: [Value], _ type: Kind, group: Int
    ) throws(FigureError) -> Reference {
        let width = MemoryLayout<Value>.size * group
        let planes = values.withUnsafeBytes { bytes -> [UInt8] in
            if width == 1 { return [UInt8](bytes) }
            let rows = bytes.count / width
            return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
                for plane in 0..<width {
                    for row in 0..<rows { target[plane * rows + row] = bytes[row * width + plane] }
                }
                count = bytes.count
            }
        }
        guard let deflated = Deflate.deflated(planes) else {
            throw .drawing(operation: "writing the explorer", message: "zlib could not compress it")
        }
        data.append(Data(deflated))
        return Reference(array: data.count - 1, type: type, count: values.count, width: width)
    }

    /// Indices into a table of the distinct values, in order of first appearance; nil if there are too many.
    private static func table(of values: [Float]) -> (places: [UInt8], table: [Float])? {
        var places: [UInt32: UInt8] = [:]
        var table: [Float] = []
        var found: [UInt8] = []
        found.reserveCapacity(values.count)
        for value in values {
            // To the page, infinities mean the same as NaN: there is no number.
            let bits = value.isFinite ? value.bitPattern : Float.nan.bitPattern
            if let place = places[bits] {
                found.append(place)
                continue
            }
            if table.count == mostInTable { return nil }
            places[bits] = UInt8(table.count)
            found.append(UInt8(table.count))
            table.append(value.isFinite ? value : .nan)
        }
        return (found, table)
    }
}
