/// Reads a pickle without executing anything: it builds numbers, texts, lists and dicts, and describes storages and tensors.
/// Any other name in a pickle is an error.
///
/// The machine is that of Python's `pickle`: a stack, marks on it, and a memo. Time and memory are linear in the number of
/// opcodes, which is bounded.
struct Unpickler {
    var heap = PickleHeap()
    let input: PickleInput
    /// Whether NumPy's arrays are recognised instead of torch's tensors.
    private let knowsArrays: Bool
    /// Whether an array's bytes may be written as text.
    private let knowsEncodedText: Bool
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// The number of items used to build dicts, the only values that one opcode copies in any number.
    private var itemCount = 0

    /// The most dimensions of a tensor and the most tensors in a file.
    static let dimensionLimit = 16
    private static let tensorLimit = 100_000
    /// The most names kept for messages.
    private static let foreignLimit = 20
    /// A state dict of ten thousand tensors takes 400,000.
    static let operationLimit = 1_000_000

    init(_ input: PickleInput, knowsArrays: Bool = false, knowsEncodedText: Bool = false) {
        self.input = input
        self.knowsArrays = knowsArrays
        self.knowsEncodedText = knowsEncodedText
    }

    /// The value that the next pickle describes. Throws `PyTorchError` or what the input throws.
    mutating func value() throws -> PickleValue {
        for _ in 0..<Self.operationLimit {
            let code = try input.byte()
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw PyTorchError.unknownOpcode(path: input.path, position: input.position - 1, code: code)
            }
            if opcode == .stop { return try pop() }
            try execute(opcode)
        }
        throw PyTorchError.tooManyOperations(path: input.path, limit: Self.operationLimit)
    }

    private mutating func execute(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .stop: break
        case .proto: _ = try input.byte()
        case .frame: _ = try input.take(8)

        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popMark()
        case .duplicate: stack.append(try top())

        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt1: stack.append(.integer(Int(try input.number(1))))
        case .binInt2: stack.append(.integer(Int(try input.number(2))))
        case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: try input.number(4)))))
        case .long1: stack.append(integer(try input.counted(1)))
        case .long4: stack.append(integer(try input.counted(4)))
        case .integerLine, .longLine: stack.append(try integer(line: input.line()))
        case .binFloat:
            _ = try input.take(8)
            stack.append(.other)

        case .binString, .binUnicode: try pushText(input.counted(4))
        case .shortBinString, .shortBinUnicode: try pushText(input.counted(1))
        case .binUnicode8: try pushText(input.counted(8))
        case .shortBinBytes: try pushBytes(input.counted(1))
        case .binBytes: try pushBytes(input.counted(4))
        case .binBytes8, .byteArray8: try pushBytes(input.counted(8))

        case .emptyTuple, .emptyList, .emptySet: stack.append(heap.sequence())
        case .tuple, .list, .frozenSet: stack.append(heap.sequence(try popMark()))
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .append: try extend([pop()])
        case .appends, .addItems: try extend(popMark())
        case .emptyDict: stack.append(heap.mapping())
        case .dict: stack.append(heap.mapping(try pairs(popMark())))
        case .setItem:
            let value = try pop()
            try set([pop(), value])
        case .setItems: try set(popMark())

        case .binPut: memo[Int(try input.number(1))] = try top()
        case .longBinPut: memo[Int(try input.number(4))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: try get(Int(input.number(1)))
        case .longBinGet: try get(Int(input.number(4)))

        case .global:
            let module = try input.line()
            stack.append(.global(try global(module, input.line())))
        case .stackGlobal:
            let (name, module) = (try pop(), try pop())
            guard let name = input.text(name), let module = input.text(module) else {
                throw malformed("a class name that is not text")
            }
            stack.append(.global(try global(module, name)))
        case .reduce, .newObject:
            let arguments = try pop()
            guard case .global(let function) = try pop(), let values = heap.elements(arguments) else {
                throw malformed("a call of something that is not a function, or a call without arguments")
            }
            stack.append(try call(function, values))
        // The state of an object: an array's content; for a dict or a parameter, attributes beside its content, such as module
        // versions.
        case .build:
            let state = try pop()
            try build(top(), state: state)
        case .binPersistentID: stack.append(try storage(pop()))
        }
    }

    // MARK: - Stack

    func malformed(_ problem: String) -> PyTorchError {
        .malformedPickle(path: input.path, position: input.position, problem: problem)
    }

    /// Values below a mark cannot be popped.
    private mutating func pop() throws -> PickleValue {
        guard stack.count > marks.last ?? 0 else { throw malformed("an empty stack") }
        return stack.removeLast()
    }

    private func top() throws -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw malformed("an empty stack") }
        return value
    }

    private mutating func popMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw malformed("no mark on the stack") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func get(_ index: Int) throws {
        guard let value = memo[index] else { throw malformed("nothing remembered under \(index)") }
        stack.append(value)
    }

    // MARK: - Plain values

    private func integer(_ place: (start: UInt32, count: UInt32)) -> PickleValue {
        if place.count > 8 { return .wideInteger(start: place.start, count: place.count) }
        let bytes = input.bytes[Int(place.start)..<Int(place.start + place.count)]
        let sign: UInt64 = bytes.last.map { $0 >> 7 == 1 } ?? false ? .max : 0
        return .integer(Int(Int64(bitPattern: bytes.reversed().reduce(sign) { $0 << 8 | UInt64($1) })))
    }

    private func integer(line: String) throws -> PickleValue {
        if line == "00" || line == "01" { return .bool(line == "01") }
        guard let number = Int(line.last == "L" ? String(line.dropLast()) : line) else {
            throw malformed("no 64-bit integer where one should be")
        }
        return .integer(number)
    }

    private mutating func pushText(_ place: (start: UInt32, count: UInt32)) throws {
        stack.append(.text(start: place.start, count: place.count))
    }

    private mutating func pushBytes(_ place: (start: UInt32, count: UInt32)) throws {
        stack.append(.bytes(start: place.start, count: place.count))
    }

    private mutating func pushTuple(_ count: Int) throws {
        let values = try (0..<count).map { _ in try pop() }
        stack.append(heap.sequence(values.reversed()))
    }

    private func pairs(_ values: [PickleValue]) throws -> [(key: PickleValue, value: PickleValue)] {
        guard values.count.isMultiple(of: 2) else { throw malformed("a key without a value") }
        return stride(from: 0, to: values.count, by: 2).map { (key: values[$0], value: values[$0 + 1]) }
    }

    private mutating func extend(_ values: [PickleValue]) throws {
        // An object outside the list is not instantiated, and what is put into it is dropped.
        if try top() == .other { return }
        guard case .sequence(let place) = try top() else { throw malformed("no list to append to") }
        heap.sequences[place] += values
    }

    private mutating func set(_ values: [PickleValue]) throws {
        if try top() == .other { return }
        guard case .mapping(let place) = try top() else { throw malformed("no dict to put a value into") }
        heap.mappings[place] += try pairs(values)
    }

    // MARK: - What is named

    private mutating func global(_ module: String, _ name: String) throws -> PickleGlobal {
        if knowsEncodedText && module == "_codecs" && name == "encode" { return .encodedText }
        let known = knowsArrays ? PickleGlobal(ofNumPy: module, name) : PickleGlobal(module: module, name: name)
        if let global = known { return global }
        if !knowsArrays, module == "torch._utils", name == "_rebuild_qtensor" {
            throw PyTorchError.quantised(path: input.path)
        }
        let full = "\(module).\(name)".displayed(atMost: 100)
        guard !knowsArrays, PickleGlobal.isForeign(module: module) else {
            throw PyTorchError.forbiddenName(path: input.path, position: input.position, name: full)
        }
        if heap.foreignNames.count < Self.foreignLimit, !heap.foreignNames.contains(full) {
            heap.foreignNames.append(full)
        }
        return .inert
    }

    /// What a call would return.
    private mutating func call(_ function: PickleGlobal, _ arguments: [PickleValue]) throws -> PickleValue {
        switch function {
        case .mapping: return heap.mapping(try items(arguments))
        case .size:
            guard let shape = arguments.first, arguments.count == 1, heap.elements(shape) != nil else {
                throw malformed("a torch.Size of something that is not a tuple")
            }
            return shape
        case .defaultMapping: return heap.mapping(try items(Array(arguments.dropFirst())))
        case .device, .inert: return .other
        case .tensor, .typedTensor: return try tensor(arguments, isTyped: function == .typedTensor)
        case .parameter:
            guard case .tensor? = arguments.first else { throw malformed("a parameter that is not a tensor") }
            return arguments[0]
        case .storage, .elementType: throw malformed("a call of a type")
        case .arrayShell, .arrayOfBuffer, .arrayClass, .arrayType, .encodedText:
            return try callOfNumPy(function, arguments)
        }
    }

    /// The items of a dict built from a list of pairs or from another dict.
    private mutating func items(_ arguments: [PickleValue]) throws -> [(key: PickleValue, value: PickleValue)] {
        guard let argument = arguments.first else { return [] }
        if case .mapping(let place) = argument { itemCount += heap.mappings[place].count }
        if case .sequence(let place) = argument { itemCount += heap.sequences[place].count }
        if itemCount > Self.operationLimit {
            throw PyTorchError.tooManyOperations(path: input.path, limit: Self.operationLimit)
        }
        if case .mapping(let place) = argument, arguments.count == 1 { return heap.mappings[place] }
        guard let items = heap.elements(argument), arguments.count == 1 else {
            throw malformed("a dict of something that is not a list")
        }
        return try items.map { item in
            guard let pair = heap.elements(item), pair.count == 2 else {
                throw malformed("a dict of something that is not a list of pairs")
            }
            return (key: pair[0], value: pair[1])
        }
    }

    /// The storage that a persistent id describes: `('storage', class, key, device, elements)`; in old files a view follows,
    /// `(key, start, elements)` or none.
    private mutating func storage(_ id: PickleValue) throws -> PickleValue {
        // Before 1.6, a module's class comes with its source code.
        if let parts = heap.elements(id), parts.count == 4, input.text(parts[0]) == "module" { return parts[1] }
        guard let parts = heap.elements(id), (5...6).contains(parts.count), input.text(parts[0]) == "storage",
            case .global(.storage(let type)) = parts[1], let key = input.text(parts[2]),
            case .integer(let count) = parts[4], count >= 0
        else { throw malformed("a persistent id that is not a storage's") }
        var storage = PickleHeap.Storage(type: type, key: key, total: count, range: 0..<count)
        if parts.count == 6, parts[5] != .none {
            guard let view = heap.elements(parts[5]), view.count == 3, case .integer(let start) = view[1],
                case .integer(let length) = view[2], start >= 0, length >= 0, start <= count, length <= count - start
            else { throw malformed("a view beyond its storage") }
            storage.range = start..<start + length
        }
        heap.storages.append(storage)
        return .storage(heap.storages.count - 1)
    }

    private mutating func tensor(_ arguments: [PickleValue], isTyped: Bool) throws -> PickleValue {
        guard arguments.count >= (isTyped ? 7 : 4), case .storage(let place) = arguments[0],
            case .integer(let offset) = arguments[1],
            let shape = heap.integers(arguments[2], limit: Self.dimensionLimit),
            let strides = heap.integers(arguments[3], limit: Self.dimensionLimit),
            heap.tensors.count < Self.tensorLimit
        else { throw malformed("a tensor that is not made of a storage, an offset, a shape and strides") }
        let storage = heap.storages[place]
        var type = storage.type
        if isTyped {
            guard case .global(.elementType(let named)) = arguments[6] else {
                throw malformed("a tensor whose type torch does not have")
            }
            type = named
        }
        heap.tensors.append(
            PickleHeap.Tensor(
                storage: storage, type: type, offset: offset, shape: shape, strides: strides,
                pendingBit: pendingBit(arguments.dropFirst(isTyped ? 7 : 6).first)))
        return .tensor(heap.tensors.count - 1)
    }

    /// The bit that is set in a tensor's last argument, a dict of what storage, shape and strides do not say.
    private func pendingBit(_ metadata: PickleValue?) -> String? {
        guard case .mapping(let place)? = metadata else { return nil }
        return heap.mappings[place].lazy.filter { $0.value == .bool(true) }.compactMap { input.text($0.key) }
            .first { ["neg", "conj"].contains($0) }
    }
}
