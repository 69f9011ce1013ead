/// One value of a pickle.
///
/// Containers stand in a `PickleHeap` and are named by their places there: neither cycles nor any depth of nesting can
/// then exhaust the stack, when values are freed either.
enum PickleValue: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    /// Text, or bytes that Python 2 took for text: where it stands in the pickle's bytes.
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
    /// Bytes: where they stand in the pickle's.
    case bytes(start: UInt32, count: UInt32)
    /// An array of NumPy, and the type of its elements.
    case array(Int)
    case arrayType(Int)
    /// A number or object of which nothing is needed.
    case other
}

/// The containers of a pickle, and the tensors and storages that it names.
struct PickleHeap {
    /// A storage as a persistent id names it.
    struct Storage: Equatable {
        /// Nil where it holds bytes.
        var type: ElementType?
        /// Its name within the file.
        var key: String
        /// In elements, of all that is stored under that key.
        var total: Int
        /// The part that this storage is, in elements: old files have views of storages.
        var range: Range<Int>
    }

    /// A tensor as a call of a rebuilding function describes it; not yet checked.
    struct Tensor: Equatable {
        var storage: Storage
        /// Nil where a type is missing.
        var type: ElementType?
        /// In elements.
        var offset: Int
        var shape: [Int]
        /// In elements.
        var strides: [Int]
    }

    /// Classes outside the list that the pickle names: nothing is made of them, and what they would be given is left out.
    var foreignNames: [String] = []

    var sequences: [[PickleValue]] = []
    var mappings: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [Storage] = []
    var tensors: [Tensor] = []
    var arrays: [Array] = []
    /// The names of arrays' types.
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

    /// The numbers of a sequence that holds nothing else, and at most `limit` of them.
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
