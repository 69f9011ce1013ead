import LabelDistributions
import TensorFiles

extension LabelTable {
    /// Reads a row an annotation: one vote each. Throws `LabelTableError`.
    static func long(
        _ table: CSVTable, _ columns: Columns, id: Int, label: Int, ignoring: [String]?
    ) throws(LabelTableError) -> LabelTable {
        let annotator = columns.first(annotatorNames)
        let names = Set(table.column(label)).sorted { $0.precedesByScalars($1) }
        let leftOut = try left(ignoring, outOf: names, path: table.path)
        let classes = names.filter { !leftOut.contains($0) }
        let ignored = names.filter(leftOut.contains)
        if classes.isEmpty { throw .noClasses(path: table.path, header: table.header, ignored: ignored) }
        let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        var images: [Image] = []
        var places: [String: Int] = [:]
        var rowByVote: [Vote: Int] = [:]
        for row in 0..<table.rowCount {
            for column in [id, label] + (annotator.map { [$0] } ?? []) where table[row, column].isEmpty {
                throw .empty(path: table.path, row: row + 1, column: table.header[column])
            }
            let name = table[row, id]
            if let annotator {
                let vote = Vote(id: name, annotator: table[row, annotator])
                if let first = rowByVote.updateValue(row + 1, forKey: vote) {
                    throw .annotatorTwice(
                        path: table.path, annotator: vote.annotator, id: name, rows: [first, row + 1])
                }
            }
            let placement = try placement(table, columns, row: row)
            let place = places[name] ?? images.count
            if place == images.count {
                places[name] = place
                images.append(
                    Image(id: name, row: row + 1, placement: placement, votes: classes.map { _ in 0 }))
            } else if let before = images[place].placement, let placement, before != placement {
                throw .twoSplits(
                    path: table.path, id: name, rows: [images[place].row, row + 1],
                    found: [before.words, placement.words])
            }
            if let index = indices[table[row, label]] { images[place].votes[index] += 1 }
        }
        let rows = images.map { image in
            Row(
                id: image.id, number: image.row, label: try? LabelDistribution(counts: image.votes),
                votes: image.votes, placement: image.placement)
        }
        return LabelTable(path: table.path, classes: classes, rows: rows, ignored: ignored, namelessRows: 0)
    }

    private struct Vote: Hashable {
        let id: String
        let annotator: String
    }

    private struct Image {
        let id: String
        let row: Int
        let placement: Placement?
        var votes: [Int]
    }
}
