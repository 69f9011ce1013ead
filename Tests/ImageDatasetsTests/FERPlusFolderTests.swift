import Foundation
import LabelFiles
import TestSupport
import Testing

@testable import ImageDatasets

struct FERPlusFolderTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ subset: String, _ rows: [(name: String, votes: String)], in base: String = "") throws {
        for row in rows { try folder.write("", to: "\(base)\(subset)/\(row.name)") }
        let text = rows.map { "\($0.name),\"(0, 0, 48, 48)\",\($0.votes)\n" }.joined()
        try folder.write(text, to: "\(base)\(subset)/label.csv")
    }

    private func read(_ reading: DatasetReading = DatasetReading()) throws(DatasetError) -> Dataset {
        try DatasetFolder.read(root, as: reading)
    }

    @Test(arguments: ["", "data/"]) func foldersAreSubsetsAndRowsHaveNoHeader(base: String) throws {
        try write(
            "FER2013Train", [("fer0000000.png", "4,0,0,1,3,2,0,0,0,0"), ("fer0000001.png", "0,0,0,0,0,0,0,0,2,8")],
            in: base)
        try write("FER2013Valid", [("fer0028638.png", "4,0,0,0,1,0,0,4,1,0")], in: base)
        try write("FER2013Test", [("fer0032220.png", "0,0,0,0,2,1,0,7,0,0")], in: base)
        let dataset = try read()
        #expect(dataset.format == .ferplus && dataset.name == "FER+")
        #expect(
            dataset.classes == ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"])
        #expect(dataset.samples.map(\.id) == ["fer0000000", "fer0028638", "fer0032220"])
        #expect(dataset.samples.map(\.subset) == [.train, .validation, .test])
        #expect(dataset.samples[0].votes == [4, 0, 0, 1, 3, 2, 0, 0])
        #expect(dataset.samples[1].label.probabilities[7] == 4.0 / 9)
        // No annotator voted for an emotion.
        #expect(dataset.unlabelled == ["FER2013Train/fer0000001.png"])
        #expect(
            dataset.notes == [
                "\(root.path): FER2013Train is read as training images, FER2013Valid is read as validation images, FER2013Test "
                    + "is read as test images",
                "\(root.path): votes for unknown, NF are left out",
            ])
        let all = try read(DatasetReading(labels: LabelReading(ignored: [])))
        #expect(all.classes.count == 10 && all.samples.count == 4)
        #expect(throws: DatasetError.self) { try read(DatasetReading(labels: LabelReading(ignored: ["joy"]))) }
    }

    @Test func whatIsWrongInATable() throws {
        try write("FER2013Train", [("a.png", "4,0,0,1,3,2,0,0,0,0"), ("b.png", "4,0,0,x,3,2,0,0,0,0")])
        let path = folder.path("FER2013Train/label.csv")
        let votes = DatasetError.voteCount(path: path, place: "row 2", column: "sadness", found: "x")
        #expect(throws: votes) { try read() }
        #expect(
            votes.description
                == "\(path): row 2: sadness has x votes; expected a whole number from 0 to 1000000")
        try write("FER2013Train", [("a.png", "4,0")])
        let fields = DatasetError.malformed(
            path: path, place: "row 1",
            problem:
                "found 4 fields; expected 12: name, box and votes for neutral, happiness, surprise, sadness, anger, "
                + "disgust, fear, contempt, unknown, NF")
        #expect(throws: fields) { try read() }
        try folder.write("z.png,\"(0, 0, 48, 48)\",4,0,0,1,3,2,0,0,0,0\n", to: "FER2013Train/label.csv")
        let image = folder.path("FER2013Train/z.png")
        #expect(throws: DatasetError.imageMissing(path: path, place: "row 1", image: image)) { try read() }
        try write("FER2013Train", [("a.png", "4,0,0,1,3,2,0,0,0,0")])
        try write("FER2013Test", [("a.png", "4,0,0,1,3,2,0,0,0,0")])
        #expect(
            throws: DatasetError.duplicateID(
                path: root.path, id: "a", places: ["FER2013Train/label.csv row 1", "FER2013Test/label.csv row 1"])
        ) { try read() }
    }
}
