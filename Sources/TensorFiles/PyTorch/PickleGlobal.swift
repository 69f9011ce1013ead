/// What a pickle may name: the few functions and types that a state dict needs. Nothing is ever called; the reader knows what
/// each would return. All other names are refused.
enum PickleGlobal: Equatable {
    /// `collections.OrderedDict` or `Counter`: a dict.
    case mapping
    /// `collections.defaultdict`: a dict whose first argument, a factory for missing values, is ignored.
    case defaultMapping
    /// A class of plain data that training scripts store beside the tensors. It is not instantiated, and its arguments are
    /// dropped.
    case inert
    /// `torch.Size`: a tuple.
    case size
    /// `torch.device`.
    case device
    /// `torch._utils._rebuild_tensor` and `_rebuild_tensor_v2`: storage, offset, shape, strides and things that are not needed.
    case tensor
    /// `torch._utils._rebuild_tensor_v3`: the same, with the type as the seventh argument.
    case typedTensor
    /// `torch._utils._rebuild_parameter` and `_rebuild_parameter_with_state`: the first argument is a tensor.
    case parameter
    /// A storage class; nil for one of bytes, whose type the tensor gives.
    case storage(ElementType?)
    /// A `torch.dtype`.
    case elementType(ElementType)
    /// NumPy's function for an empty array, whose content follows as its state.
    case arrayShell
    /// NumPy's function for an array from bytes, type, shape and order.
    case arrayOfBuffer
    /// `_codecs.encode`, with which Python 3 writes bytes as text in protocol 2, the one that `torch.save` uses.
    case encodedText
    /// `numpy.ndarray`, `numpy.dtype`.
    case arrayClass, arrayType

    /// The names with which NumPy 1 and 2 rebuild an array; nil for every other name.
    init?(ofNumPy module: String, _ name: String) {
        switch (module, name) {
        case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"): self = .arrayShell
        case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): self = .arrayOfBuffer
        case ("numpy", "ndarray"): self = .arrayClass
        case ("numpy", "dtype"): self = .arrayType
        default: return nil
        }
    }

    /// Nil for every name outside the list.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"), ("collections", "Counter"): self = .mapping
        case ("collections", "defaultdict"): self = .defaultMapping
        case _ where Self.inertNames.contains("\(module).\(name)"): self = .inert
        case ("torch", "Size"): self = .size
        case ("torch", "device"): self = .device
        case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .typedTensor
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
            self = .parameter
        case ("torch", _), ("torch.storage", _), ("torch.cuda", _):
            if name == "UntypedStorage" && module != "torch.cuda" {
                self = .storage(nil)
            } else if let type = Self.storageTypes[name] {
                self = .storage(type)
            } else if module == "torch", let type = Self.elementTypes[name] {
                self = .elementType(type)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// Whether a name outside the list may appear beside tensors without being instantiated: a class of the program that wrote
    /// the file. Functions of Python's and torch's own modules are refused: a checkpoint that names them would do something
    /// when loaded, or holds tensors of kinds that are not supported.
    static func isForeign(module: String) -> Bool {
        let root = module.prefix { $0 != "." }
        return !module.isEmpty && !refusedModules.contains(module) && !refusedRoots.contains(String(root))
    }

    private static let refusedModules: Set = [
        "torch", "torch._utils", "torch.storage", "torch.cuda", "torch.serialization",
    ]
    private static let refusedRoots: Set = [
        "builtins", "__builtin__", "os", "posix", "nt", "sys", "subprocess", "shutil", "socket", "importlib", "imp",
        "runpy",
        "code", "codeop", "commands", "ctypes", "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib",
        "marshal",
        "types", "functools", "operator", "_operator", "itertools", "io", "_io", "tempfile", "glob", "pty", "platform",
        "webbrowser", "urllib", "http", "ftplib", "asyncio", "multiprocessing", "threading", "signal", "pdb", "bdb",
        "timeit", "cProfile", "profile", "trace", "site", "pip", "pkgutil", "zipimport", "_codecs", "codecs", "numpy",
    ]

    /// Options, paths, times, and NumPy's numbers and arrays, under the module names of Python 2 and 3 and of NumPy 1 and 2.
    private static let inertNames: Set<String> = {
        var names: Set = [
            "argparse.Namespace", "types.SimpleNamespace", "datetime.datetime", "datetime.date", "datetime.timedelta",
            "_codecs.encode", "numpy.dtype", "numpy.ndarray",
        ]
        for path in ["Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"] {
            names.formUnion(["pathlib.\(path)", "pathlib._local.\(path)"])
        }
        for core in ["numpy.core", "numpy._core"] {
            names.formUnion(["\(core).multiarray.scalar", "\(core).multiarray._reconstruct"])
            names.insert("\(core).numeric._frombuffer")
        }
        for builtins in ["builtins", "__builtin__"] {
            for type in ["set", "frozenset", "list", "dict", "tuple", "int", "float", "bool", "str", "complex"] {
                names.insert("\(builtins).\(type)")
            }
        }
        return names
    }()

    private static let storageTypes: [String: ElementType] = [
        "BoolStorage": .bool, "CharStorage": .int8, "ShortStorage": .int16, "IntStorage": .int32,
        "LongStorage": .int64, "ByteStorage": .uint8, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "FloatStorage": .float32, "DoubleStorage": .float64,
    ]

    private static let elementTypes = Dictionary(
        uniqueKeysWithValues: ElementType.allCases.map { ($0.rawValue, $0) })
}
