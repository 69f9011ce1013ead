import Foundation
import TensorFiles

/// The features array of a file: N × D numbers, and possibly ids.
struct FeatureArray {
    let url: URL
    /// Nil if the file can hold only one array.
    let name: String?
    let numbers: NumericArray
    /// Two extents; any further extents of `numbers`, all 1, are dropped.
    let shape: [Int]
    let ids: SampleIDs?
    /// Columns in double precision, in the order of their positions; nil if they are no more precise than `numbers`.
    let columns: ([Int]) throws -> [[Double]]?

    static let formats = [".npy", ".npz", ".csv", ".tsv", ".pt", ".pth", ".safetensors", ".h5", ".hdf5"]

    /// Reads the array of that name, or the only two-dimensional one; an array in an `.npy` has no name. Ids in the file that
    /// cannot be read are an error if they are needed. Throws `InputError` and what the readers throw.
    init(_ url: URL, named name: String?, readsOwnIDs: Bool) throws {
        switch url.pathExtension.lowercased() {
        case "npy":
            if let name {
                throw InputError.unusable(
                    path: url.path,
                    problem: "no array '\(name)', because an .npy holds a single, unnamed array; omit --array")
            }
            try self.init(url, name: nil, NPYFile.read(url), ids: nil) { try NPYFile.columns($0, of: url) }
        case "npz": try self.init(archive: NPZFile(url), url, named: name, readsOwnIDs: readsOwnIDs)
        case "pt", "pth", "safetensors", "h5", "hdf5": try self.init(file: ArrayFile(url), url, named: name)
        default: throw InputError.unknownFormat(path: url.path, known: Self.formats)
        }
    }

    private init(
        _ url: URL, name: String?, _ numbers: NumericArray, ids: SampleIDs?,
        columns: @escaping ([Int]) throws -> [[Double]]?
    ) throws {
        shape = NumericArray.withoutTrailingOnes(numbers.shape)
        guard shape.count == 2 else { throw InputError.notAMatrix(path: url.path, shape: numbers.shape) }
        (self.url, self.name, self.numbers, self.ids, self.columns) = (url, name, numbers, ids, columns)
    }

    private init(file: ArrayFile, _ url: URL, named name: String?) throws {
        let descriptions = file.arrays.map(\.description)
        let matrices = file.arrays.indices.filter { place in
            let array = file.arrays[place]
            return name.map { $0 == array.name }
                ?? (array.type != nil && NumericArray.withoutTrailingOnes(array.shape).count == 2)
        }
        guard let place = matrices.first, matrices.count == 1 else {
            if let name {
                throw InputError.unusable(
                    path: url.path, problem: "no array '\(name)'; the arrays are \(NPZFile.list(descriptions))")
            }
            throw Self.notOne(path: url.path, matrices.count, of: descriptions)
        }
        if file.arrays[place].type == nil {
            throw InputError.unusable(path: url.path, problem: "found array \(descriptions[place]); expected numbers")
        }
        try self.init(url, name: file.arrays[place].name, file.numbers(at: place), ids: nil) {
            try file.columns($0, at: place)
        }
    }

    // MARK: - NumPy's archives

    private init(archive: NPZFile, _ url: URL, named name: String?, readsOwnIDs: Bool) throws {
        let features = try name.map { try archive.member(named: $0) } ?? Self.onlyMatrix(of: archive)
        let ids = try Self.ids(of: archive, beside: features, isNeeded: readsOwnIDs)
        try self.init(url, name: features.name, archive.numbers(of: features), ids: ids) {
            try archive.columns($0, of: features)
        }
    }

    private static let namesOfIDs = ["ids", "id"]

    private static func onlyMatrix(of archive: NPZFile) throws -> NPZFile.Member {
        let matrices = archive.members.filter {
            $0.isNumeric && NumericArray.withoutTrailingOnes($0.shape).count == 2 && !namesOfIDs.contains($0.name)
        }
        guard let matrix = matrices.first, matrices.count == 1 else {
            throw notOne(path: archive.path, matrices.count, of: archive.members.map(\.description))
        }
        return matrix
    }

    private static func notOne(path: String, _ count: Int, of arrays: [String]) -> InputError {
        .unusable(
            path: path,
            problem: "found \(count) two-dimensional arrays of numbers; expected 1, or --array with the "
                + "name of one; the arrays are \(NPZFile.list(arrays))")
    }

    /// Two arrays of ids that contradict each other are an error, unless other ids are given or only the first one can be ids
    /// of the rows.
    private static func ids(
        of archive: NPZFile, beside features: NPZFile.Member, isNeeded: Bool
    ) throws -> SampleIDs? {
        let candidates = namesOfIDs.compactMap { name in
            archive.members.first { $0.name == name && $0 != features }
        }
        let found = try candidates.compactMap { member in
            try texts(of: member, in: archive).map { (path: "\(archive.path), array '\(member.name)'", texts: $0) }
        }
        if let first = found.first {
            let ids = try SampleIDs(path: first.path, first.texts)
            guard let second = found.dropFirst().first, second.texts.count == features.shape.first,
                let others = try? SampleIDs(path: second.path, second.texts, known: ids),
                let row = zip(ids.ids, others.ids).enumerated().first(where: {
                    ExactText($0.element.0) != ExactText($0.element.1)
                })?.offset
            else { return ids }
            if !isNeeded { return nil }
            throw InputError.unusable(
                path: archive.path,
                problem:
                    "the arrays '\(candidates[0].name)' and '\(candidates[1].name)' hold different ids (row \(row + 1): "
                    + "'\(ids.ids[row].displayed)' and '\(others.ids[row].displayed)'); expected the same in both: name a "
                    + "table of the right ones with --ids")
        }
        guard isNeeded, let other = candidates.first else { return nil }
        throw InputError.unusable(
            path: archive.path,
            problem:
                "found array \(other); expected one dimension of texts (type U or S) or whole numbers as ids; name "
                + "other ids with --ids")
    }

    /// Nil unless the array has one dimension, of texts or whole numbers.
    static func texts(of member: NPZFile.Member, in archive: NPZFile) throws -> [String]? {
        guard NumericArray.withoutTrailingOnes(member.shape + [1]).count <= 2,
            member.shape.count == 1 || member.shape.last == 1
        else { return nil }
        return member.isText ? try archive.texts(of: member) : try archive.integerTexts(of: member)
    }
}
