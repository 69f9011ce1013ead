import Foundation
import LabelDistributions
import TensorFiles

/// Which samples of the spaces are compared, in the order of the first space.
package struct SampleChoice {
    /// Whether samples that are missing from some spaces or have no label are left out; otherwise they are an error.
    var takesCommon: Bool
    /// The only majority class whose samples are compared; nil for all.
    var onlyClass: String?

    package init(takesCommon: Bool = false, onlyClass: String? = nil) {
        (self.takesCommon, self.onlyClass) = (takesCommon, onlyClass)
    }

    /// The spaces, reduced to the samples that all spaces of their split have in common, joined by id. If that changes the rows
    /// of a space, it is written to a folder `joined-1`, … in `folder`. `note` receives what was left out and what was
    /// reordered.
    ///
    /// Throws `InputError.otherSamples`, `noIDs`, `noSuchClass`, `tooFewSamples`, and `rowCount` if rows have no ids to be joined by and
    /// their numbers differ; and what writing throws.
    func applied(to spaces: [ComparedSpace], folder: URL, note: (String) -> Void) throws -> [ComparedSpace] {
        var result = spaces
        for split in Set(spaces.map(\.split)).sorted() {
            let places = spaces.indices.filter { spaces[$0].split == split }
            let ids = try common(places.map { spaces[$0] }, note: note)
            for place in places {
                let space = spaces[place]
                let own = space.samples.ids.ids.map(ExactText.init)
                if own == ids { continue }
                let rows = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) })
                if own.count == ids.count {
                    note("\(space.path): its samples are in a different order and are joined by id")
                }
                result[place] = try space.picking(
                    ids.map { rows[$0]! }, into: folder.appendingPathComponent("joined-\(place + 1)", isDirectory: true)
                )
            }
        }
        return result
    }

    /// The ids common to all spaces of a split, in the order of the first.
    private func common(_ spaces: [ComparedSpace], note: (String) -> Void) throws -> [ExactText] {
        let first = spaces[0]
        let all = first.samples.labelledIDs, here = Set(all)
        var ids = all
        for space in spaces where space.samples.labelledIDs.count < space.samples.ids.ids.count {
            let count = space.samples.ids.ids.count - space.samples.labelledIDs.count
            note("\(space.path): \(count) samples without a label are left out")
        }
        for other in spaces.dropFirst() {
            let there = other.samples.labelledIDs
            if other.samples.ids.ids.count != first.samples.ids.ids.count,
                first.table.idsAreRows || other.table.idsAreRows
            {
                throw InputError.rowCount(
                    path: other.features.path, found: there.count, expected: all.count, of: first.features.path)
            }
            if first.table.idsAreRows != other.table.idsAreRows,
                !ExactText.areSame(first.samples.ids.ids, other.samples.ids.ids)
            {
                let (without, with) = first.table.idsAreRows ? (first, other) : (other, first)
                throw InputError.noIDs(path: without.path, other: with.path)
            }
            let known = Set(there)
            let onlyHere = all.filter { !known.contains($0) }, onlyThere = there.filter { !here.contains($0) }
            if onlyHere.isEmpty && onlyThere.isEmpty { continue }
            if !takesCommon {
                throw InputError.otherSamples(
                    path: first.path, onlyHere: onlyHere.map(\.text), other: other.path,
                    onlyThere: onlyThere.map(\.text))
            }
            for (missing, path) in [(onlyHere, other.path), (onlyThere, first.path)] where !missing.isEmpty {
                let named = missing.prefix(3).map(\.text.displayed).joined(separator: ", ")
                note(
                    "\(path) lacks \(missing.count) samples (\(named)\(missing.count > 3 ? " …" : "")), which are left out"
                )
            }
            ids = ids.filter { known.contains($0) }
        }
        if ids.count < ComparedKind.leastSamples && ids.count < first.samples.ids.ids.count {
            throw InputError.tooFewSamples(path: first.path, found: ids.count, expected: ComparedKind.leastSamples)
        }
        guard let onlyClass else { return ids }
        let classes = first.samples.classes
        let present = classes.indices.filter { index in first.samples.labels.contains { $0.hardClass == index } }
        guard let wanted = present.first(where: { classes[$0] == onlyClass }) else {
            throw InputError.noSuchClass(name: onlyClass, known: present.map { classes[$0] })
        }
        let members = Set(
            zip(first.samples.ids.ids, first.samples.labelsOfSamples).filter { $1?.hardClass == wanted }
                .map { ExactText($0.0) })
        return ids.filter { members.contains($0) }
    }
}
