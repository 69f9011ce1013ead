import Foundation
import LabelFiles
import TensorFiles

/// The features array of a file: N × D numbers, and possibly ids. Of several arrays it is the only one of two dimensions, unless
/// its name or another array makes that doubtful.
struct FeatureArray {
    /// What the numbers are for, which decides on the names that an array should have.
    enum Use: String {
        case features, predictions
    }

    let url: URL
    /// Nil if the file can hold only one array.
    let name: String?
    let numbers: NumericArray
    /// Two extents; any further extents of `numbers`, all 1, are dropped.
    let shape: [Int]
    let ids: SampleIDs?
    /// Which array was read, if the file holds several of numbers.
    let remark: String?
    /// The file; nil if it can hold only one array.
    let file: ArrayFile?
    /// Columns in double precision, in the order of their positions; nil if they are no more precise than `numbers`.
    let columns: ([Int]) throws -> [[Double]]?

    static let formats = [".npy", ".npz", ".csv", ".tsv", ".pt", ".pth", ".safetensors", ".h5", ".hdf5"]

    /// Reads the array of that name, or the only two-dimensional one; an array in an `.npy` has no name. Ids in the file that
    /// cannot be read are an error if they are needed. Throws `InputError` and what the readers throw.
    init(_ url: URL, named name: String?, for use: Use = .features, readsOwnIDs: Bool) throws {
        switch url.pathExtension.lowercased() {
        case "npy":
            if let name {
                throw InputError.unusable(
                    path: url.path,
                    problem: "no array '\(name)', because an .npy holds a single, unnamed array; omit --array")
            }
            try self.init(single: url)
        case "npz":
            try self.init(ArrayFile(NPZFile(url)), url, named: name, for: use, readsOwnIDs: readsOwnIDs)
        case "pt", "pth", "safetensors", "h5", "hdf5":
            try self.init(Self.arrays(of: url), url, named: name, for: use, readsOwnIDs: readsOwnIDs)
        default:
            if !FileManager.default.fileExists(atPath: url.path) { throw InputError.nothingThere(path: url.path) }
            throw InputError.unknownFormat(path: url.path, known: Self.formats)
        }
    }

    /// The arrays of a file that may hold weights instead. Throws `InputError` with the way to save features if PyTorch has saved
    /// something else, and what the reader throws.
    private static func arrays(of url: URL) throws -> ArrayFile {
        do {
            return try ArrayFile(url)
        } catch let error as PyTorchError {
            let found =
                switch error {
                case .forbiddenName(_, _, let name): "'\(name)', which is no tensor of real numbers in memory"
                case .wholeObject(_, let name): "an object of class \(name)"
                case .quantised: "quantised tensors"
                case .noTensors(_, let found): found
                default: throw error
                }
            throw InputError.unusable(
                path: url.path,
                problem:
                    "found \(found); expected a tensor or a dict of tensors: save it so, such as "
                    + "torch.save({'features': x, 'ids': list_of_names}, 'f.pt'), or numpy.save('f.npy', x)")
        }
    }

    private init(single url: URL) throws {
        self.url = url
        numbers = try NPYFile.read(url)
        shape = try Self.matrixShape(numbers.shape, path: url.path)
        (name, ids, remark, file) = (nil, nil, nil, nil)
        columns = { try NPYFile.columns($0, of: url) }
    }

    private init(_ file: ArrayFile, _ url: URL, named name: String?, for use: Use, readsOwnIDs: Bool) throws {
        let place = try name.map { try Self.place(of: $0, in: file) } ?? Self.onlyMatrix(of: file, for: use)
        let array = file.arrays[place]
        self.url = url
        self.file = file
        self.name = array.name
        shape = try Self.matrixShape(array.shape, path: url.path)
        ids = try ArrayIDs(file, beside: place, rows: shape[0]).ids(isNeeded: readsOwnIDs)
        let others = file.arrays.indices.filter { $0 != place && Self.mayBeNumbersOfSamples(file.arrays[$0]) }
        remark = others.isEmpty ? nil : "\(use.rawValue) from array \(array.title)"
        numbers = try file.numbers(at: place)
        columns = { try file.columns($0, at: place) }
    }

    private static func matrixShape(_ shape: [Int], path: String) throws(InputError) -> [Int] {
        let kept = NumericArray.withoutOnes(shape)
        if kept.count != 2 { throw .notAMatrix(path: path, shape: shape) }
        return kept
    }

    // MARK: - Which array

    private static func place(of name: String, in file: ArrayFile) throws(InputError) -> Int {
        guard let place = file.place(of: name) else {
            throw .unusable(path: file.path, problem: "no array '\(name)'; \(list(file.arrays))")
        }
        if file.arrays[place].type == nil {
            throw .unusable(
                path: file.path,
                problem: "found array \(file.arrays[place]); expected numbers" + wayOn(file.arrays[place]))
        }
        return place
    }

    private static func onlyMatrix(of file: ArrayFile, for use: Use) throws(InputError) -> Int {
        let numeric = file.arrays.indices.filter { mayBeNumbersOfSamples(file.arrays[$0]) }
        let matrices = numeric.filter { NumericArray.withoutOnes(file.arrays[$0].shape).count == 2 }
        guard let place = matrices.first, matrices.count == 1 else {
            let found = "found \(matrices.count) two-dimensional arrays of numbers; expected 1"
            if !matrices.isEmpty {
                throw .unusable(
                    path: file.path, problem: "\(found), or --array with the name of one; \(list(file.arrays))")
            }
            let way =
                numeric.lazy.compactMap { InputError.wayToMatrix(file.arrays[$0].shape) }.first
                ?? file.arrays.lazy.map(wayOn).first { !$0.isEmpty } ?? ""
            throw .unusable(path: file.path, problem: "\(found) (samples, features)\(way); \(list(file.arrays))")
        }
        let array = file.arrays[place]
        let others = numeric.filter { $0 != place }.map { file.arrays[$0] }
        if use == .features, let rival = others.first(where: { isRival($0, of: array) }) {
            throw .unusable(
                path: file.path,
                problem:
                    "found \(array.title) as the only array of two dimensions, but \(rival.title) has as many rows and may "
                    + "be the features\(InputError.wayToMatrix(rival.shape) ?? ""), or name the former with --array "
                    + array.name)
        }
        if use == .features, isOfLayer(array.name) {
            throw .unusable(
                path: file.path,
                problem:
                    "found \(array.title) as the only array of two dimensions, but '\(array.name)' is a name of a layer's "
                    + "weights; if its rows are samples, name it with --array \(array.name); \(list(file.arrays))")
        }
        if !others.isEmpty, isDoubtful(array.name, for: use) {
            throw .unusable(
                path: file.path,
                problem:
                    "found \(array.title) as the only array of two dimensions, but '\(array.name)' is a name of labels "
                    + "or predictions; name the array of the \(use.rawValue) with --array; \(list(file.arrays))")
        }
        return place
    }

    /// Whether an array holds numbers and is not named as ids are.
    private static func mayBeNumbersOfSamples(_ array: ArrayFile.Array) -> Bool {
        array.type != nil
            && !(KnownArrays.areOwnIDs(array.name) || array.shape.count < 2 && KnownArrays.areIDs(array.name))
    }

    /// Whether the name is one of a layer's weights in PyTorch or Keras: `fc.weight`, `dense/kernel`.
    private static func isOfLayer(_ name: String) -> Bool {
        ["weight", "kernel", "kernel:0"].contains(String(name.split { $0 == "." || $0 == "/" }.last ?? ""))
    }

    private static func isDoubtful(_ name: String, for use: Use) -> Bool {
        switch use {
        case .features: KnownArrays.areLabels(name) || KnownArrays.arePredictions(name)
        case .predictions: KnownArrays.areLabels(name)
        }
    }

    /// Whether an array of more dimensions is more likely the features than the only one of two: by its name, or else because
    /// it holds more numbers.
    private static func isRival(_ other: ArrayFile.Array, of array: ArrayFile.Array) -> Bool {
        let shape = NumericArray.withoutOnes(other.shape)
        guard shape.count > 2, shape[0] == array.shape[0] else { return false }
        let (own, others) = (KnownArrays.rankAsFeatures(array.name), KnownArrays.rankAsFeatures(other.name))
        return others > own
            || others == own && shape.reduce(1.0) { $0 * Double($1) } > array.shape.reduce(1.0) { $0 * Double($1) }
    }

    private static func list(_ arrays: [ArrayFile.Array]) -> String {
        "the arrays are \(NPZFile.list(arrays.map(\.description)))"
    }

    /// How to save an array whose type is not that of numbers; empty for others.
    static func wayOn(_ array: ArrayFile.Array) -> String {
        array.type == nil && array.description.hasSuffix("|O")
            ? "; save '\(array.name)' as numbers, such as x.astype(\"float32\")" : ""
    }
}
