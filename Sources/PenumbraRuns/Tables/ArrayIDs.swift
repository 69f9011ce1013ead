import Foundation
import LabelFiles
import TensorFiles

/// The ids that a file holds beside its features, in an array of texts or whole numbers.
///
/// The arrays `ids` and `id` come first, then others with names that label files have for ids, as they are or in the plural
/// (`filenames`), then an array of distinct texts, one per row. In a file with groups, those in the group of the features or at
/// the top count.
struct ArrayIDs {
    private let file: ArrayFile
    private let rows: Int
    /// The positions of arrays that may be ids.
    private let places: [Int]

    /// `place` is the position of the features, which have `rows` rows.
    init(_ file: ArrayFile, beside place: Int, rows: Int) {
        self.file = file
        self.rows = rows
        func group(_ name: String) -> Substring { name.lastIndex(of: "/").map { name[..<$0] } ?? "" }
        let own = group(file.arrays[place].name)
        let open = file.arrays.indices.filter { $0 != place }
        // Those of the group itself come first.
        places = [own, ""].uniqued().flatMap { wanted in open.filter { group(file.arrays[$0].name) == wanted } }
    }

    /// Nil if there are none. Throws `InputError` if the ids cannot be read or contradict each other, provided that they are
    /// needed; and what the readers throw.
    func ids(isNeeded: Bool) throws -> SampleIDs? {
        if let named = try ownIDs(isNeeded: isNeeded) { return named.ids }
        if let known = try idsOfKnownName(isNeeded: isNeeded) { return known }
        return try onlyTexts(isNeeded: isNeeded)
    }

    // MARK: - Named ids

    /// Those of `ids` or `id`. Two arrays of ids that contradict each other are an error, unless other ids are given or only the
    /// first one can be ids of the rows; they then count as none. Nil if there are none.
    private func ownIDs(isNeeded: Bool) throws -> (ids: SampleIDs?, Void)? {
        let candidates = ["ids", "id"].compactMap { name in
            places.first { KnownArrays.plain(file.arrays[$0].name) == name }
        }
        let found = try candidates.compactMap { place in
            try file.texts(at: place).map { (path: path(place), texts: $0) }
        }
        if let first = found.first {
            let ids = try SampleIDs(path: first.path, first.texts)
            guard let second = found.dropFirst().first, second.texts.count == rows,
                let others = try? SampleIDs(path: second.path, second.texts, known: ids),
                let row = zip(ids.ids, others.ids).enumerated().first(where: {
                    ExactText($0.element.0) != ExactText($0.element.1)
                })?.offset
            else { return (ids, ()) }
            if !isNeeded { return (nil, ()) }
            throw InputError.unusable(
                path: file.path,
                problem:
                    "the arrays '\(name(candidates[0]))' and '\(name(candidates[1]))' hold different ids (row \(row + 1): "
                    + "'\(ids.ids[row].displayed)' and '\(others.ids[row].displayed)'); expected the same in both: leave "
                    + "one of them out")
        }
        if isNeeded, let other = candidates.first { throw unreadable(other) }
        return nil
    }

    private func idsOfKnownName(isNeeded: Bool) throws -> SampleIDs? {
        let known = places.filter { KnownArrays.areIDs(name($0)) && !KnownArrays.areOwnIDs(name($0)) }
            .sorted { KnownArrays.rankAsIDs(name($0))! < KnownArrays.rankAsIDs(name($1))! }
        for place in known {
            if let ids = try distinct(place) {
                // Row numbers say nothing that the rows do not.
                if KnownArrays.areIndices(name(place)), Self.count(ids.ids) { continue }
                return ids
            }
            if isNeeded, file.arrays[place].isUnreadable, [0, rows].contains(file.arrays[place].shape.first ?? 0) {
                throw unreadable(place)
            }
        }
        return nil
    }

    /// Whether ids count from 0 or from 1.
    private static func count(_ ids: [String]) -> Bool {
        [0, 1].contains { start in ids.enumerated().allSatisfy { $1 == "\(start + $0)" } }
    }

    // MARK: - Other texts

    private func onlyTexts(isNeeded: Bool) throws -> SampleIDs? {
        let texts = try places.filter { file.arrays[$0].isText && !KnownArrays.areClasses(name($0)) }
            .compactMap { place in try distinct(place).map { (place, $0) } }
        let images = texts.filter { $0.1.ids.allSatisfy(KnownColumns.isImageName) }
        let best = images.isEmpty ? texts : images
        if best.count > 1, isNeeded {
            let names = best.map { "'\(name($0.0))'" }.joined(separator: " and ")
            throw InputError.unusable(
                path: file.path,
                problem:
                    "found the arrays \(names), each with another text for every row; expected one that holds the ids: "
                    + "call it 'ids'")
        }
        return best.count == 1 ? best[0].1 : nil
    }

    // MARK: - Reading

    /// The texts or whole numbers of an array with as many elements as there are rows, if they are all different.
    private func distinct(_ place: Int) throws -> SampleIDs? {
        guard file.arrays[place].shape.first == rows, let texts = try file.texts(at: place) else { return nil }
        return try? SampleIDs(path: path(place), texts)
    }

    private func name(_ place: Int) -> String { file.arrays[place].name }

    private func path(_ place: Int) -> String { "\(file.path), array '\(name(place))'" }

    private func unreadable(_ place: Int) -> InputError {
        let plain = KnownArrays.plain(name(place))
        let isTorch = ["pt", "pth"].contains(URL(fileURLWithPath: file.path).pathExtension.lowercased())
        return .unusable(
            path: file.path,
            problem: "found array \(file.arrays[place]); expected "
                + (isTorch
                    ? "a list of texts, or whole numbers, as ids: save them so, such as '\(plain)': [str(name) for name in names]"
                    : "one dimension of texts (type U or S) or whole numbers as ids: save them so, such as "
                        + "\(plain)=np.array(names, dtype=str)"))
    }
}

extension ArrayFile.Array {
    /// Whether the elements are neither numbers nor texts, such as Python's objects.
    var isUnreadable: Bool { type == nil && !isText }
}

extension [Substring] {
    fileprivate func uniqued() -> [Substring] {
        var seen: Set<Substring> = []
        return filter { seen.insert($0).inserted }
    }
}
