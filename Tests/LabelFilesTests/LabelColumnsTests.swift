import TestSupport
import Testing

@testable import LabelFiles

/// Columns whose names or values allow several readings: one is taken and said, or the error names the option.
@Suite struct LabelColumnsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ reading: LabelReading = LabelReading()) throws -> LabelTable {
        try LabelTable.read(folder.file("labels.csv", holding: Array(text.utf8)), as: reading)
    }

    private func error(_ text: String, _ reading: LabelReading = LabelReading()) -> String {
        let error = thrown(LabelFileError.self) { try read(text, reading) }
        return (error?.description ?? "").replacing(folder.url.path + "/", with: "")
    }

    /// One kind was taken at random.
    @Test func numberedColumnsOfTwoKinds() throws {
        let pairs = "image,worker_1,label_1,worker_2,label_2\na,w1,cat,w2,dog\nb,w3,dog,w1,dog\nc,w2,cat,w3,cat\n"
        #expect(
            error(pairs)
                == "labels.csv, columns 'worker_1', 'label_1', 'worker_2', 'label_2': numbered columns of 2 kinds, each of "
                + "which could be the annotators; skip the others with --ignore-columns")
        let labels = try read(pairs, LabelReading(ignored: ["worker_1", "worker_2"]))
        #expect(labels.form == .annotators && labels.rows.map(\.votes) == [[1, 1], [0, 2], [2, 0]])
        #expect(try read(pairs, LabelReading(labelColumn: "label_1")).rows.map { $0.label?.hardClass } == [0, 1, 0])
        let alike = "image,rater_1,rater_2,expert_1,expert_2\na,0,1,1,1\nb,1,0,0,0\nc,0,0,1,1\n"
        #expect(error(alike).hasSuffix("--ignore-columns, or read all of them with --label-format annotators"))
        #expect(try read(alike, LabelReading(form: .annotators)).rows.map(\.votes) == [[1, 3], [3, 1], [2, 2]])
    }
}
