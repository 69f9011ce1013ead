/// Why a file is not a readable PyTorch checkpoint, or what it holds that is not supported.
public enum PyTorchError: Error, Equatable, CustomStringConvertible {
    /// The file or the archive's entry ends before what must follow.
    case cutShort(path: String, position: Int, needed: Int)
    /// A stream that does not begin as those of `torch.save` do.
    case notTorch(path: String, problem: String)
    /// The tar archives of PyTorch before 0.1.10.
    case tarFormat(path: String)
    /// An archive of `torch.jit.save`, which holds a program.
    case torchScript(path: String)
    /// An archive without an entry that every checkpoint has.
    case missingEntry(path: String, entry: String)
    /// A compressed entry: PyTorch stores them as they are.
    case compressedEntry(path: String, entry: String)
    /// The entry `byteorder` is neither `little` nor `big`.
    case unknownByteOrder(path: String, found: String)
    /// A pickle larger than any state dict.
    case pickleTooLong(path: String, limit: Int)
    /// A pickle of more opcodes than any state dict.
    case tooManyOperations(path: String, limit: Int)
    /// An opcode that torch does not write.
    case unknownOpcode(path: String, position: Int, code: UInt8)
    /// The pickle names a function or class that a state dict does not need. It was not called.
    case forbiddenName(path: String, position: Int, name: String)
    /// The file holds an object of a class, such as a whole module, where a dict of tensors was expected. It was not
    /// instantiated.
    case wholeObject(path: String, name: String)
    /// Tensors of whole numbers with a scale.
    case quantised(path: String)
    /// The pickle contradicts itself, or describes something that torch does not write.
    case malformedPickle(path: String, position: Int, problem: String)
    /// The file holds no dict with tensors; `found` says what it holds.
    case noTensors(path: String, found: String)
    /// Two tensors have the same name once `module.` is removed.
    case duplicateName(path: String, name: String)
    /// The element type is unknown: a storage of bytes without a type.
    case untyped(path: String, name: String)
    /// The stored elements are the negatives (`neg`) or conjugates (`conj`) of the tensor's.
    case pendingBit(path: String, name: String, bit: String)
    /// Impossible shape or strides.
    case impossibleShape(path: String, name: String, shape: [Int], strides: [Int])
    /// The tensor reaches beyond its storage.
    case beyondStorage(path: String, name: String, needed: Int, available: Int)
    /// A tensor that repeats few stored elements very often.
    case expanded(path: String, name: String, shape: [Int], stored: Int)
    /// A storage that the file does not hold.
    case missingStorage(path: String, key: String)
    /// The size of a storage, in bytes, is not what the pickle states.
    case wrongStorageSize(path: String, key: String, found: Int, expected: Int)
    /// Bytes after the last storage.
    case trailingBytes(path: String, count: Int)

    /// One line: the path, the position, what was found and what was expected.
    public var description: String {
        switch self {
        case .cutShort(let path, let position, let needed):
            "\(path): cut short at byte \(position); expected \(needed) more bytes"
        case .notTorch(let path, let problem):
            "\(path): a pickle, but not one that torch.save wrote: \(problem)"
        case .tarFormat(let path):
            "\(path): the tar format of PyTorch before 0.1.10; load it with PyTorch and save its state_dict() again"
        case .torchScript(let path):
            "\(path): a TorchScript program; save its state_dict() with torch.save"
        case .missingEntry(let path, let entry):
            "\(path): an archive without the entry '\(entry)'; expected an archive written by torch.save"
        case .compressedEntry(let path, let entry):
            "\(path), entry '\(entry)': compressed; torch.save stores entries uncompressed"
        case .unknownByteOrder(let path, let found):
            "\(path): found byte order '\(found)'; expected 'little' or 'big'"
        case .pickleTooLong(let path, let limit):
            "\(path): a pickle of more than \(limit) bytes"
        case .tooManyOperations(let path, let limit):
            "\(path): a pickle of more than \(limit) operations"
        case .unknownOpcode(let path, let position, let code):
            "\(path): opcode 0x\(String(code, radix: 16, uppercase: true)) at byte \(position) of the pickle, which "
                + "torch.save never writes"
        case .forbiddenName(let path, let position, let name):
            "\(path): the pickle names '\(name)' (at byte \(position)), which is not among the few that a state "
                + "dict needs; nothing was executed. Save the state_dict() alone"
        case .wholeObject(let path, let name):
            "\(path): a pickled object of class \(name), which only its own program can load; there, save the tensors alone: "
                + "torch.save(model.state_dict(), 'weights.pth')"
        case .quantised(let path):
            "\(path): quantised weights; save the state_dict() of the network before torch.ao.quantization.convert"
        case .malformedPickle(let path, let position, let problem):
            "\(path): malformed pickle at byte \(position): \(problem)"
        case .noTensors(let path, let found):
            "\(path): found \(found); expected a dict of tensors, at the top or under one of "
                + PyTorchStateDict.wrapperKeys.joined(separator: ", ")
        case .duplicateName(let path, let name):
            "\(path): '\(name)' appears twice in the state dict"
        case .untyped(let path, let name):
            "\(path), tensor '\(name)': a storage of bytes without a type"
        case .pendingBit(let path, let name, let bit):
            "\(path), tensor '\(name)': stores the \(bit == "neg" ? "negatives" : "conjugates") of its elements; expected the "
                + "elements themselves: save x.resolve_\(bit)()"
        case .impossibleShape(let path, let name, let shape, let strides):
            "\(path), tensor '\(name)': shape \(shape) with strides \(strides) is impossible"
        case .beyondStorage(let path, let name, let needed, let available):
            "\(path), tensor '\(name)': reaches to element \(needed) of a storage of \(available)"
        case .expanded(let path, let name, let shape, let stored):
            "\(path), tensor '\(name)': shape \(shape) is expanded from \(stored) stored elements"
        case .missingStorage(let path, let key):
            "\(path): storage '\(key)' is not in the file"
        case .wrongStorageSize(let path, let key, let found, let expected):
            "\(path): storage '\(key)' has \(found) bytes; expected \(expected)"
        case .trailingBytes(let path, let count):
            "\(path): found \(count) bytes after the last storage"
        }
    }
}
