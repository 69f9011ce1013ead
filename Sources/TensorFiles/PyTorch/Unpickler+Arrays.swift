/// NumPy's arrays, which `Unpickler` describes if it was told to recognise them.
extension Unpickler {
    /// What a call of one of NumPy's functions would return: an array or a type, described in the heap.
    mutating func callOfNumPy(_ function: PickleGlobal, _ arguments: [PickleValue]) throws -> PickleValue {
        switch function {
        case .arrayShell:
            // The class, and a shape and a type that the state will replace.
            guard arguments.first == .global(.arrayClass) else { throw malformed("an array of another class") }
            return heap.array()
        case .arrayType:
            guard let first = arguments.first, let name = input.name(first) else {
                throw malformed("an array type without a name")
            }
            return heap.arrayType(name)
        case .arrayOfBuffer:
            guard arguments.count == 4, case .bytes(let start, let count) = arguments[0],
                let type = heap.typeName(arguments[1]),
                let shape = heap.integers(arguments[2], limit: Self.dimensionLimit),
                let order = input.name(arguments[3])
            else { throw malformed("an array that is not made of bytes, a type, a shape and an order") }
            let array = PickleHeap.Array(
                type: type, shape: shape, isColumnMajor: order == "F", bytes: (start, count))
            return heap.array(array)
        case .encodedText:
            // Latin 1 and UTF-8 agree on ASCII, which suffices for whole numbers below 128.
            guard arguments.count == 2, case .text(let start, let count) = arguments[0],
                input.name(arguments[1]) == "latin1",
                input.bytes[Int(start)..<Int(start) + Int(count)].allSatisfy({ $0 < 0x80 })
            else { throw malformed("bytes that are written as non-ASCII text") }
            return .bytes(start: start, count: count)
        default: throw malformed("a call of a type")
        }
    }

    /// Applies `state` to an array: version, shape, type, whether it is in Fortran order, bytes. The state of other values is
    /// attributes that are not needed.
    mutating func build(_ value: PickleValue, state: PickleValue) throws {
        guard case .array(let place) = value else { return }
        guard let parts = heap.elements(state), parts.count == 5, let type = heap.typeName(parts[2]),
            let shape = heap.integers(parts[1], limit: Self.dimensionLimit), case .bool(let isColumnMajor) = parts[3],
            let bytes = input.bytes(of: parts[4])
        else { throw malformed("the state of an array that is not a version, a shape, a type, an order and bytes") }
        heap.arrays[place] = PickleHeap.Array(type: type, shape: shape, isColumnMajor: isColumnMajor, bytes: bytes)
    }
}

extension PickleHeap {
    /// An array as described by a call; not yet checked.
    struct Array {
        /// Kind and size, such as `u1`.
        var type: String?
        var shape: [Int] = []
        var isColumnMajor = false
        /// The range of its content in the pickle's bytes.
        var bytes: (start: UInt32, count: UInt32)?
    }

    mutating func array(_ array: Array = Array()) -> PickleValue {
        arrays.append(array)
        return .array(arrays.count - 1)
    }

    mutating func arrayType(_ name: String) -> PickleValue {
        arrayTypes.append(name)
        return .arrayType(arrayTypes.count - 1)
    }

    func typeName(_ value: PickleValue) -> String? {
        if case .arrayType(let place) = value { arrayTypes[place] } else { nil }
    }
}

extension PickleInput {
    /// The range of a value's bytes: those of bytes, or of Python 2 texts.
    func bytes(of value: PickleValue) -> (start: UInt32, count: UInt32)? {
        switch value {
        case .bytes(let start, let count), .text(let start, let count): (start, count)
        default: nil
        }
    }

    /// The text of a value that may be bytes, or nil if it could not be a name.
    func name(_ value: PickleValue) -> String? {
        bytes(of: value).flatMap { text(.text(start: $0.start, count: $0.count)) }
    }
}
