import TensorFiles

/// Records that hold a list of annotations, each an object of its own: a row per annotation.
extension JSONRecords {
    /// The rows of `records`: one per entry where one key holds lists of objects, otherwise one per record.
    ///
    /// - Complexity: O(size of the records).
    func rows(_ records: [Record]) throws(LabelFileError) -> JSONRows {
        let lists = JSONLists(records, ignoring: reading.ignored)
        let keys = keysOfEntries(records, lists)
        if keys.isEmpty { return try rows(ofAnnotatorLists: records, lists) }
        if let named = reading.labelColumn, records.contains(where: { $0[named].flatMap(Self.text) != nil }) {
            // The label is beside the lists.
            return JSONRows(records.map { $0.merging(keys.map { ($0, "…") }) { _, text in text } })
        }
        let sameRole = keys + otherLabels(records, keys)
        if sameRole.count > 1 {
            throw .doubtful(
                path: path, columns: sameRole, problem: "each could hold the annotations",
                options: "leave all but one out, for example with \(leavingOut(Array(sameRole.dropFirst())))")
        }
        return try rows(records, entriesOf: keys[0])
    }

    /// The keys that hold lists of objects, in class order.
    private func keysOfEntries(_ records: [Record], _ lists: JSONLists) -> [String] {
        var keys: Set<String> = []
        for record in records {
            for (key, value) in record where !keys.contains(key) {
                guard let list = value as? [Any], list.contains(where: { $0 is Record }) else { continue }
                if !isBesideLabel(key, record, lists) { keys.insert(key) }
            }
        }
        return ClassOrder.sorted(keys)
    }

    /// Keys beside `keys` that hold votes or labels by their names.
    private func otherLabels(_ records: [Record], _ keys: [String]) -> [String] {
        let known = JSONLists.votes.union(JSONLists.annotations)
        let candidates = Self.keys(records).filter {
            !keys.contains($0) && isKept($0) && known.contains(ColumnNames.plain($0))
        }
        return ClassOrder.sorted(
            candidates.filter { key in
                records.contains { ($0[key] as? [Any])?.isEmpty == false || $0[key] is Record }
            })
    }

    func isKept(_ key: String) -> Bool { reading.ignored?.contains(key) != true }

    /// The option that leaves these keys out, beside those that the user leaves out.
    func leavingOut(_ keys: [String]) -> String { ShellText.ignoring((reading.ignored ?? []) + keys) }

    /// A row per entry of the lists of `key`, with all else that the record holds. Names that occur in both have the key before
    /// them in the entry.
    /// - Parameter remark: What is said of this; nil where it is the key's name.
    func rows(
        _ records: [Record], entriesOf key: String, place: (Int) -> String = { "record \($0 + 1)" },
        remark: String? = nil
    ) throws(LabelFileError) -> JSONRows {
        var lists: [[Record]] = []
        for (index, record) in records.enumerated() {
            let value = record[key] ?? [Any]()
            guard let list = Self.text(value) == "" ? [] : value as? [Record] else {
                throw problem(
                    place(index),
                    "found something else than a list of objects in '\(NameList.short(key))', which others hold; expected "
                        + "the same in all (or leave it out with \(leavingOut([key])))")
            }
            lists.append(list.map(withAnnotator))
        }
        let outer = Self.keys(records).subtracting([key])
        let inner = Self.keys(lists.joined())
        let names = try names(key, outer: outer, inner: inner, records, lists)
        let hasLabel = inner.contains { isLabel($0) }
        var rows = JSONRows()
        var empty = 0
        for (index, record) in records.enumerated() {
            let shared = record.filter { $0.key != key }
            for (number, entry) in lists[index].enumerated() {
                let own = entry.map { (names[$0] ?? $0, $1) }
                rows.append(
                    shared.merging(own) { shared, _ in shared }, "\(place(index)), entry \(number + 1)")
            }
            guard lists[index].isEmpty else { continue }
            empty += 1
            if hasLabel {
                rows.unlabelled.insert(rows.records.count)
                rows.append(shared, place(index))
            }
        }
        rows.remarks = [remark ?? "one row per entry of '\(key)'"]
        if empty > 0 {
            rows.remarks.append(
                "\(Count.of(empty, "record", "records")) without an entry "
                    + (hasLabel ? (empty == 1 ? "has no label" : "have no label") : "skipped"))
        }
        return rows
    }

    /// A row per entry of the list of each id; nil where the lists may be something else than annotations.
    func rows(_ ids: [String], _ lists: [String: [Any]]) throws(LabelFileError) -> JSONRows? {
        let entries = lists.compactMapValues { $0 as? [Record] }
        guard entries.count == lists.count,
            entries.values.allSatisfy({ list in list.isEmpty || list.contains { $0.keys.contains(where: isLabel) } })
        else { return nil }
        let own = ClassOrder.sorted(
            Self.keys(entries.values.joined()).filter {
                ColumnNames.ids.contains(ColumnNames.plain($0)) && isKept($0)
            })
        if let name = own.first(where: ColumnNames.namesImage)
            ?? (ids.allSatisfy(SampleName.isImage) ? nil : own.first)
        {
            throw problem(
                "'\(NameList.short(ids[0]))'",
                "found a list of objects that have ids of their own ('\(NameList.short(name))') under a key; expected the ids "
                    + "as keys, or one list of objects that hold what the key says")
        }
        return try rows(
            ids.map { ["id": $0, "entry": entries[$0] ?? []] }, entriesOf: "entry",
            place: { "'\(NameList.short(ids[$0]))'" }, remark: "one row per entry of each id's list")
    }

    /// An entry in which the object that describes the annotator is its email address, id or name. Ids in other objects have the
    /// object's key before them, so that they are not taken for the image's.
    private func withAnnotator(_ entry: Record) -> Record {
        var entry = entry
        for (key, value) in entry {
            guard isKept(key), let object = value as? Record else { continue }
            let isAnnotator =
                key == reading.annotatorColumn || ColumnNames.annotators.contains(ColumnNames.plain(key))
            let name = Self.annotator(object) ?? (object["name"] ?? object["username"]).flatMap(Self.text)
            if isAnnotator, let name {
                entry[key] = name
            } else {
                let named = object.map { name, value in
                    (ColumnNames.ids.contains(ColumnNames.plain(name)) ? "\(key)_\(name)" : name, value)
                }
                entry[key] = Dictionary(named) { first, _ in first }
            }
        }
        return entry
    }

    private func isLabel(_ name: String) -> Bool {
        name == reading.labelColumn || ColumnNames.labels.contains(ColumnNames.plain(name))
    }

    /// What the columns of the entries are called where it is not the name in the entry. Throws where the record and its entries
    /// both hold what only one of them can be, and where an entry could be no annotation.
    private func names(
        _ key: String, outer: Set<String>, inner: Set<String>, _ records: [Record], _ lists: [[Record]]
    ) throws(LabelFileError) -> [String: String] {
        var shared = outer.intersection(inner)
        func named(_ name: String) -> String { shared.contains(name) ? "\(key)_\(name)" : name }
        func known(_ keys: Set<String>, _ wanted: [String]) -> String? {
            let byName = Dictionary(grouping: keys.filter(isKept), by: ColumnNames.plain)
            return wanted.lazy.compactMap { byName[$0] }.first.flatMap { ClassOrder.sorted($0).first }
        }
        func doubtful(_ columns: [String], _ problem: String, _ options: String) -> LabelFileError {
            .doubtful(path: path, columns: columns, problem: problem, options: options)
        }
        if reading.annotatorColumn == nil, let first = known(outer, ColumnNames.annotators),
            let second = known(inner, ColumnNames.annotators)
        {
            throw doubtful(
                [first, named(second)], "each could name the annotators", "name one with --annotator-column")
        }
        let label = known(inner, ColumnNames.labels)
        if reading.labelColumn == nil, let first = known(outer, ColumnNames.labels) {
            guard let label else {
                throw doubtful(
                    [first, key], "the label could be beside the list or in it",
                    "leave the list out with \(leavingOut([key])), or name the label with --label-column")
            }
            throw doubtful([first, named(label)], "each could hold the labels", "name one with --label-column")
        }
        if reading.form == nil { try checkEntries(key, inner, label: label) }
        if reading.idColumn != nil { return try names(shared, key, beside: outer.union(inner)) }
        func areImages(_ name: String, _ records: some Sequence<Record>) -> Bool {
            records.allSatisfy { ($0[name].flatMap(Self.text)).map(SampleName.isImage) ?? false }
        }
        let outerID = known(outer, ColumnNames.ids)
        let imageID = ClassOrder.sorted(outer).first { isKept($0) && areImages($0, records) }
        let innerID = known(inner, ColumnNames.ids)
        if let innerID, let first = imageID ?? outerID {
            let ids = inner.filter { ColumnNames.ids.contains(ColumnNames.plain($0)) && isKept($0) }
            let namesImages = ids.contains { id in ColumnNames.namesImage(id) || areImages(id, lists.joined()) }
            if namesImages || imageID == nil && !outer.contains(where: ColumnNames.namesImage) {
                throw doubtful(
                    [first, named(innerID)], "each could name the images", "say which with --id-column")
            }
            shared.formUnion(ids)
        } else if innerID == nil, outerID ?? imageID == nil, lists.contains(where: { $0.count != 1 }) {
            throw .noIDs(path: path, header: ClassOrder.sorted(outer.union(inner)))
        }
        return try names(shared, key, beside: outer.union(inner))
    }

    /// The names of `shared` with the key before them. Throws where one of them is there already.
    private func names(
        _ shared: Set<String>, _ key: String, beside others: Set<String>
    ) throws(LabelFileError) -> [String: String] {
        let names = Dictionary(uniqueKeysWithValues: shared.map { ($0, "\(key)_\($0)") })
        guard let taken = ClassOrder.sorted(shared).first(where: { others.contains(names[$0]!) }) else { return names }
        throw problem(
            "",
            "the key '\(NameList.short(taken))' in '\(NameList.short(key))' would be '\(NameList.short(names[taken]!))', which "
                + "is another key; expected names that differ")
    }

    /// The keys of all records.
    static func keys(_ records: some Sequence<Record>) -> Set<String> {
        records.reduce(into: []) { $0.formUnion($1.keys) }
    }

    /// Throws where the entries could be objects in the image, or guesses that have a score.
    private func checkEntries(_ key: String, _ inner: Set<String>, label: String?) throws(LabelFileError) {
        let names = inner.filter(isKept)
        let hasAnnotator =
            reading.annotatorColumn != nil || names.contains { ColumnNames.annotators.contains(ColumnNames.plain($0)) }
        let places: Set = ["bbox", "box", "bounding_box", "segmentation", "polygon", "points", "keypoints", "mask"]
        let scores: Set = ["score", "scores", "confidence", "certainty"]
        func first(_ wanted: Set<String>) -> String? {
            ClassOrder.sorted(names.filter { wanted.contains(ColumnNames.plain($0)) }).first
        }
        let problem: String
        let column: String
        if let place = first(places) {
            (column, problem) = (place, "could be objects in the image rather than annotations of it")
        } else if !hasAnnotator, let score = first(scores) {
            (column, problem) = (score, "could be annotations, or guesses with a score")
        } else {
            return
        }
        throw .doubtful(
            path: path, columns: [key, column], problem: "the entries \(problem)",
            options: "count each as one annotation with --label-format annotations"
                + (label == nil ? " and --label-column" : "") + ", or leave them out with \(leavingOut([key]))")
    }
}

extension ColumnNames {
    /// Whether the name of a column of ids says that it names images: `image_id` and `filename`, but not `id` and `name`.
    static func namesImage(_ name: String) -> Bool {
        let images: Set = ["image", "img", "file", "filename", "path", "sample", "example", "task", "item"]
        return ids.contains(plain(name)) && words(name).contains(where: images.contains)
    }
}
