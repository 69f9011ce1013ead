import TensorFiles

/// Objects of objects, as pandas writes a table in JSON.
extension JSONRecords {
    /// Whether the keys only number the rows (`orient="index"`), and a column of each record names the image.
    func areRowNumbers(_ ids: [String], of records: [String: Record], _ keys: Set<String>) -> Bool {
        let numbers = ids.compactMap { Int($0) }
        if numbers.count < ids.count { return false }
        if let named = reading.idColumn { return keys.contains(named) }
        let inOrder = numbers.sorted()
        let areInOrder = [0, 1].contains(inOrder[0]) && inOrder.elementsEqual(inOrder[0]..<(inOrder[0] + ids.count))
        return keys.contains { key in
            let isID = ColumnNames.namesImage(key) || ColumnNames.plain(key) == "id"
            let names = records.values.compactMap { $0[key].flatMap(Self.text) }.filter { !$0.isEmpty }
            guard ColumnNames.ids.contains(ColumnNames.plain(key)), names.count == ids.count else { return false }
            // Names of images are ids whatever the numbers; others only where these count all rows, and none is there twice.
            return names.allSatisfy(SampleName.isImage) || isID && areInOrder && Set(names).count == ids.count
        }
    }

    /// Throws where each object is a column with the numbers of rows as keys, as pandas writes without `orient`.
    func checkColumns(
        _ names: [String], _ columns: [String: Record], _ rows: Set<String>
    ) throws(LabelFileError) {
        let areRows =
            !rows.isEmpty && rows.allSatisfy { Int($0) != nil }
            && columns.values.allSatisfy { $0.count == rows.count }
        guard areRows, names.contains(where: { ColumnNames.namesImage($0) || ColumnNames.plain($0) == "id" }) else {
            return
        }
        throw problem(
            "",
            "found one object per column (\(NameList.short(names))), as pandas writes by default; expected one per image: write "
                + "it with orient=\"index\" or orient=\"records\"")
    }
}
