import Foundation

/// All data sets of an HDF5 file, named with their enclosing groups, as in `train/features`.
struct HDF5DataSets: ByteArraySource {
    private let file: HDF5File
    private var sets: [HDF5Array] = []
    /// Groups by position: each is walked once, however many links lead to it.
    private var walked: Set<Int> = []
    /// The index of each data set in `sets` by position, and of those that have further names by these: a data set counts once,
    /// however many links lead to it. Nil for objects that are not data sets.
    private var indices: [Int: Int?] = [:]
    private var furtherNames: [String: Int] = [:]

    /// The most levels of nested groups.
    private static let depthLimit = 16

    /// Throws `HDF5Error` or `FileReadError`.
    init(_ url: URL) throws {
        file = try HDF5File(InputFile(url))
        try walk(file.root, path: "", depth: 0)
        try file.check(sets)
    }

    var arrays: [ArrayFile.Array] {
        sets.map { set in
            guard case .number(let type, _) = set.type.kind else {
                return ArrayFile.Array(name: set.name, shape: set.shape, type: nil, isText: set.type.isText)
            }
            return ArrayFile.Array(name: set.name, shape: set.shape, type: type.rawValue)
        }
    }

    func place(of name: String) -> Int? { sets.firstIndex { $0.name == name } ?? furtherNames[name] }

    func values(at places: [Int]) throws -> [NumericArray] {
        try places.map { place in
            let (type, bigEndian) = number(place)
            return try file.numbers(sets[place], as: type, bigEndian: bigEndian)
        }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        (try file.elements(of: sets[place]), number(place).bigEndian)
    }

    func texts(at place: Int) throws -> [String]? {
        sets[place].type.isText ? try file.texts(of: sets[place]) : try integerTexts(at: place)
    }

    private func number(_ place: Int) -> (ElementType, bigEndian: Bool) {
        guard case .number(let type, let bigEndian) = sets[place].type.kind else {
            preconditionFailure("an array of numbers")
        }
        return (type, bigEndian)
    }

    private mutating func walk(_ group: HDF5Group, path: String, depth: Int) throws {
        guard walked.insert(group.place).inserted else { return }
        if depth > Self.depthLimit { throw HDF5Error.tooDeep(path: file.file.path, limit: Self.depthLimit) }
        for (name, target) in group.links {
            // Links that lead elsewhere are not followed, nor are their targets listed.
            guard case .object(let place) = target else { continue }
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            if let index = indices[place] {
                if let index { furtherNames[inner] = index }
                continue
            }
            switch try file.object(name, in: group, path: inner) {
            case .array(let array, _):
                indices[place] = sets.count
                sets.append(array)
            case .group(let group, _): try walk(group, path: inner, depth: depth + 1)
            case .other, nil: indices.updateValue(nil, forKey: place)
            }
        }
    }
}
