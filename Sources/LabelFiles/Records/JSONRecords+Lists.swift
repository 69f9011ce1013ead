import Foundation
import TensorFiles

/// How the lists in records become columns.
extension JSONRecords {
    /// The list of votes or shares whose classes another list names, where there is one. Throws where numbers beside names could
    /// be something else.
    func namedNumbers(_ lists: JSONLists, _ records: [Record]) throws(LabelFileError) -> JSONLists.Pair? {
        func isKept(_ key: String) -> Bool { reading.ignored?.contains(key) != true }
        guard [nil, .votes, .distribution].contains(reading.form), reading.labelColumn == nil,
            let pair = lists.pairs.first(where: { isKept($0.names) && isKept($0.numbers) })
        else { return nil }
        if pair.isKnown || reading.form != nil { return pair }
        if records.contains(where: { isBesideLabel(pair.names, $0, lists) }) { return nil }
        throw .doubtful(
            path: path, columns: [pair.names, pair.numbers],
            problem: "the numbers could be votes or shares of the classes beside them",
            options: "say so with --label-format votes or distribution, or leave the numbers out with --ignore-columns "
                + pair.numbers)
    }

    /// The columns that the lists of `pair` make, one per class that they name; nil for other keys.
    func fields(_ key: String, of record: Record, _ pair: JSONLists.Pair) -> [(String, String)]? {
        guard let names = record[pair.names] as? [String], let numbers = record[pair.numbers] as? [Any] else {
            return nil
        }
        if key == pair.names { return [] }
        return key == pair.numbers ? zip(names, numbers).map { ($0, Self.text($1) ?? "") } : nil
    }

    /// Whether a list is none of labels, such as tags or a box: another key names the class or holds votes, or the user leaves
    /// the list out.
    func isBesideLabel(_ key: String, _ record: Record, _ lists: JSONLists) -> Bool {
        if reading.ignored?.contains(key) == true || lists.besideVotes.contains(key) { return true }
        let name = ColumnNames.plain(key)
        let areOptions = lists.constant.contains(key) || name == "choices" && lists.distinct.contains(key)
        if JSONLists.votes.contains(name) || JSONLists.annotations.contains(name) && !areOptions { return false }
        return record.contains { other, value in
            other != key && Self.text(value) != nil
                && (reading.labelColumn == other
                    || reading.labelColumn == nil && ColumnNames.labels.contains(ColumnNames.plain(other)))
        }
    }

    /// Throws where a record holds labels or votes in other lists, too, or in an object: they would be columns of one name.
    func checkOtherLists(than key: String, _ record: Record, _ lists: JSONLists) throws(LabelFileError) {
        func holdsLabels(_ key: String, _ value: Any) -> Bool {
            let namesClasses = lists.pairs.contains { $0.isKnown && $0.names == key }
            if !isKept(key) || namesClasses || isBesideLabel(key, record, lists) { return false }
            if let list = value as? [Any] { return !list.isEmpty }
            return value is Record && Self.speaksOfLabels(key)
        }
        let keys = ClassOrder.sorted(record.filter { holdsLabels($0.key, $0.value) }.keys)
        if keys.count < 2 || !keys.contains(key) { return }
        /// Votes say more than shares, and an object may lack classes without votes.
        func rank(_ key: String) -> Int {
            if record[key] is Record { return 3 }
            if Self.namesAnnotators(key) { return 5 }
            return Self.speaksOfLabels(key) ? (Self.hasFractions(record[key]) ? 2 : 1) : 4
        }
        let kept = keys.min { rank($0) < rank($1) }
        throw .doubtful(
            path: path, columns: keys, problem: "each could hold the labels",
            options: "leave all but one out, for example with \(leavingOut(keys.filter { $0 != kept }))")
    }

    /// Throws where the lists of a key could hold several classes of one image.
    func checkSeveralLabels(_ key: String, _ lists: JSONLists) throws(LabelFileError) {
        if reading.form != nil || !lists.severalLabels.contains(key) { return }
        throw .doubtful(
            path: path, columns: [key],
            problem: "found several labels for one image, and never one twice, so they could be its classes as well as "
                + "the labels of annotators",
            options: "--label-format annotators reads each as the label of an annotator")
    }
}
