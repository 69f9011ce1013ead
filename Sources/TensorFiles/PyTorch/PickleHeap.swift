/// One value of a pickle.
///
/// Containers are kept in a `PickleHeap` and referred to by index. So neither cycles nor deep nesting can exhaust the stack,
/// not even when values are freed.
enum PickleValue: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    /// Text, or bytes that Python 2 wrote as text: the range in the pickle's bytes.
    case text(start: UInt32, count: UInt32)
    /// An integer of more than 64 bits: its bytes, the lowest first.
    case wideInteger(start: UInt32, count: UInt32)
    /// A list, tuple or set.
    case sequence(Int)
    /// A dict.
    case mapping(Int)
    case global(PickleGlobal)
    case storage(Int)
    case tensor(Int)
    /// Bytes: the range in the pickle's own bytes.
    case bytes(start: UInt32, count: UInt32)
    /// A NumPy array; next, an array's element type.
    case array(Int)
    case arrayType(Int)
    /// A number or object that is not needed.
    case other
}

/// The containers of a pickle, and the tensors and storages that it names.
struct PickleHeap {
    /// A storage as described by a persistent id.
    struct Storage: Equatable {
        /// Nil for a storage of bytes.
        var type: ElementType?
        /// Its name within the file.
        var key: String
        /// The number of elements stored under that key.
        var total: Int
        /// The part of them that this storage covers, in elements: old files have views of storages.
        var range: Range<Int>
    }

    /// A tensor as described by a call of a rebuilding function; not yet checked.
    struct Tensor: Equatable {
        var storage: Storage
        /// Nil if the type is missing.
        var type: ElementType?
        /// In elements.
        var offset: Int
        var shape: [Int]
        /// In elements.
        var strides: [Int]
        /// `neg` or `conj` if the stored elements are the negatives or conjugates of the tensor's.
        var pendingBit: String?
    }

    /// Classes outside the list that the pickle names. They are not instantiated, and their arguments are dropped.
    var foreignNames: [String] = []

    var sequences: [[PickleValue]] = []
    var mappings: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [Storage] = []
    var tensors: [Tensor] = []
    var arrays: [Array] = []
    /// The names of array types.
    var arrayTypes: [String] = []

    mutating func sequence(_ values: [PickleValue] = []) -> PickleValue {
        sequences.append(values)
        return .sequence(sequences.count - 1)
    }

    mutating func mapping(_ pairs: [(key: PickleValue, value: PickleValue)] = []) -> PickleValue {
        mappings.append(pairs)
        return .mapping(mappings.count - 1)
    }

    /// The elements of a list, tuple or set.
    func elements(_ value: PickleValue) -> [PickleValue]? {
        if case .sequence(let place) = value { sequences[place] } else { nil }
    }

    /// The numbers of a sequence that holds nothing else and at most `limit` of them.
    func integers(_ value: PickleValue, limit: Int) -> [Int]? {
        guard let elements = elements(value), elements.count <= limit else { return nil }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
