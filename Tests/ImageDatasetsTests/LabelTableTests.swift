import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles
import Testing
import TestSupport

@testable import ImageDatasets

/// Image folders with a table of labels. Images are looked up, not decoded.
struct LabelTableTests {
    private let folder: TemporaryFolder
    private var path: String { folder.url.appendingPathComponent("labels.csv").path }

    init() throws {
        folder = try TemporaryFolder()
        for image in ["a.png", "sub/b.png", "c.JPG"] { try folder.write("", to: image) }
    }

    private func read(
        _ table: String, ignoring: [String]? = nil, seed: UInt64 = 0
    ) throws -> Dataset {
        try folder.write(table, to: "labels.csv")
        return try DatasetFolder.read(
            folder.url, as: DatasetReading(labels: LabelReading(ignored: ignoring), foldSeed: seed))
    }

    private func expect(_ error: LabelFileError, _ text: String, _ table: String, ignoring: [String]? = nil) {
        #expect(throws: DatasetError.labels(error)) { try read(table, ignoring: ignoring) }
        #expect(DatasetError.labels(error).description == text)
    }

    @Test func readsAWideTableOfVotes() throws {
        let dataset = try read("id,cat,dog\na,3,1\nb,0,2\nc.JPG,1,1\n")
        #expect(dataset.format == .table && dataset.classes == ["cat", "dog"])
        #expect(dataset.samples.map(\.id) == ["a", "b", "c"])
        #expect(dataset.samples.map(\.votes) == [[3, 1], [0, 2], [1, 1]])
        #expect(dataset.samples[0].label.probabilities == [0.75, 0.25])
        #expect(dataset.samples[1].imageURL.path.hasSuffix("/sub/b.png"))
        #expect(dataset.notes == ["\(path): votes, one column per class; ids in 'id'; 2 classes: cat, dog"])
        #expect(dataset.labels?.form == .votes && dataset.unlabelled.isEmpty && dataset.slices == 1...5)
    }

    /// Spreadsheet habits: byte-order mark, CR LF, quotes, capitals and blanks in names; also tabs.
    @Test func readsWhatSpreadsheetsWrite() throws {
        let table = "\u{FEFF}\"Image Name\",\"cat, big\",dog\r\n\"a.png\",\"3\",1\r\nb.png, 0 ,2\r\n\r\n"
        let dataset = try read(table)
        #expect(dataset.classes == ["cat, big", "dog"])
        #expect(dataset.samples.map(\.votes) == [[3, 1], [0, 2]])
        #expect(dataset.unlabelled == ["c.JPG"])
        let tabs = try TemporaryFolder()
        try tabs.write("", to: "a.png")
        try tabs.write("id\tx\ty\na\t0.25\t0.75\n", to: "labels.tsv")
        #expect(try DatasetFolder.read(tabs.url).samples[0].label.probabilities == [0.25, 0.75])
    }

    /// The layout of FER+: a usage column, columns that are not classes, rows of removed images.
    @Test func leavesOutWhatIsNoClass() throws {
        let table =
            "Usage,Image name,happy,sad,unknown,NF\nTraining,a.png,8,1,1,0\nPublicTest,b.png,2,7,0,1\n"
            + "PrivateTest,c.JPG,0,0,4,6\nTraining,,0,0,0,10\n"
        let dataset = try read(table)
        #expect(dataset.classes == ["happy", "sad"])
        #expect(dataset.samples.map(\.votes) == [[8, 1], [2, 7]])
        #expect(dataset.samples.map(\.subset) == [.train, .validation])
        #expect(dataset.unlabelled == ["c.JPG"] && dataset.slices == 1...1)
        #expect(
            dataset.notes == [
                "\(path): votes, one column per class; ids in 'Image name'; 2 classes: happy, sad; skipped: unknown, NF "
                    + "(not a class)", "\(path): 1 row without an id and without a vote skipped",
            ])
        #expect(throws: DatasetError.onlySplit(path: "set", found: 2)) {
            try Split(slice: 2).check(dataset, path: "set")
        }
        #expect(try Split(slice: 1).indices(of: .validation, in: dataset) == [1])
        // Explicit `ignored` columns replace the default list.
        let chosen = try read("id,happy,sad,NF\na,1,0,2\nb,0,1,0\n", ignoring: ["sad"])
        #expect(chosen.classes == ["happy", "NF"])
        #expect(chosen.samples.map(\.votes) == [[1, 2]])
        expect(
            .unknownColumn(path: path, name: "angry", known: ["happy", "sad"]),
            "\(path): 'angry' is to be skipped but does not exist; found happy, sad", "id,happy,sad\na,1,0\n",
            ignoring: ["angry"])
    }

    @Test func foldsAndSplitsOfTheTableAreTaken() throws {
        let dataset = try read("id,fold,x,y\na,5,1,0\nb,1,0,1\n")
        #expect(dataset.samples.map(\.fold) == [5, 1])
        let dev = try read("id,split,x,y\na,dev,1,0\nb,Testing,0,1\n")
        #expect(dev.samples.map(\.subset) == [.validation, .test])
        expectError(
            .unknownFold(path: path, row: 2, column: "fold", found: "6"),
            "\(path), row 2, column 'fold': found '6'; expected a fold from 1 to 5, or leave the column out and deal the "
                + "images with --ignore-columns fold", "id,fold,x,y\na,5,1,0\nb,6,0,1\n")
        expectError(
            .unknownSplit(path: path, row: 1, column: "split", found: "extra"),
            "\(path), row 1, column 'split': found 'extra'; expected train, val or test, or leave the column out and deal "
                + "the images with --ignore-columns split",
            "id,split,x,y\na,extra,1,0\n")
    }

    /// It was skipped as text, and the images were dealt by a seed.
    @Test func splitsUnderOtherNames() throws {
        let set = try read("id,set,x,y\na,train,1,0\nb,test,0,1\n")
        #expect(set.samples.map(\.subset) == [.train, .test] && set.splitOrigin == .column("set"))
        let text = "id,part,x,y,unknown\na,train,1,0,0\nb,test,0,1,0\n"
        expectError(
            .unnamedSplit(path: path, column: "part", words: ["test", "train"], ignored: ["unknown"]),
            "\(path), column 'part': holds test, train, but its name is not that of a split; call it 'split', or leave the "
                + "column out and deal the images with --ignore-columns part,unknown", text)
        try folder.write(text, to: "labels.csv")
        let dealt = try DatasetFolder.read(
            folder.url, as: DatasetReading(labels: LabelReading(ignored: ["part", "unknown"])))
        #expect(dealt.splitOrigin == .dealt(seed: 0) && dealt.classes == ["x", "y"])
        let one = try read("id,part,x,y\na,train,1,0\nb,train,0,1\n")
        #expect(one.splitOrigin == .dealt(seed: 0))
    }

    /// Two columns that contradict each other would train on images marked as test images.
    @Test func foldsBesideSplits() throws {
        let both = "id,fold,x,y,split,unsure\na,5,1,0,train,0\nb,1,0,1,test,0\n"
        expectError(
            .foldAndSplit(path: path, columns: ["fold", "split"], ignored: ["unsure"]),
            "\(path): columns 'fold' and 'split' both say which images are for testing; expected one: leave the other out "
                + "with --ignore-columns split,unsure or --ignore-columns fold,unsure", both)
        var dataset = try read(both, ignoring: ["split", "unsure"])
        #expect(dataset.splitOrigin == .column("fold") && dataset.samples.map(\.fold) == [5, 1])
        #expect(dataset.classes == ["x", "y"] && dataset.samples.map(\.subset) == [nil, nil])
        dataset = try read(both, ignoring: ["fold", "unsure"])
        #expect(dataset.splitOrigin == .column("split") && dataset.samples.map(\.subset) == [.train, .test])
        dataset = try read(both, ignoring: ["fold", "split", "unsure"], seed: 3)
        #expect(dataset.splitOrigin == .dealt(seed: 3))
    }

    @Test func aColumnThatDividesNothing() throws {
        for split in ["train", "", "batch 7"] {
            let dataset = try read("id,fold,x,y,Subset\na,5,1,0,\(split)\nb,1,0,1,\(split)\n")
            #expect(dataset.splitOrigin == .column("fold") && dataset.samples.map(\.fold) == [5, 1])
            #expect(
                dataset.notes.last
                    == "\(path): splits from column 'fold'; column 'Subset' does not divide the images into training and "
                    + "test and is not used")
        }
        for fold in ["1", "", "none"] {
            let dataset = try read("id,fold,x,y,split\na,\(fold),1,0,train\nb,\(fold),0,1,test\n")
            #expect(dataset.splitOrigin == .column("split") && dataset.samples.map(\.subset) == [.train, .test])
        }
    }

    private func expectError(
        _ error: DatasetError, _ text: String, _ table: String, _ labels: LabelReading = LabelReading()
    ) {
        #expect(throws: error) {
            try folder.write(table, to: "labels.csv")
            return try DatasetFolder.read(folder.url, as: DatasetReading(labels: labels))
        }
        #expect(error.description == text)
    }

    @Test func aTestImageInTheTrainingSplit() {
        expect(
            .twoSplits(path: path, id: "a", rows: [1, 3], found: ["train", "test"]),
            "\(path): the image 'a' is in train and test (rows 1 and 3); expected one: test images must not be used in training",
            "id,split,x,y\na,train,1,0\nb,test,0,1\na,test,1,0\n")
        expect(
            .twoSplits(path: path, id: "a", rows: [1, 2], found: ["fold 1", "fold 3"]),
            "\(path): the image 'a' is in fold 1 and fold 3 (rows 1 and 2); expected one: test images must not be used "
                + "in training", "id,annotator,label,fold\na,p,x,1\na,q,x,3\n")
    }

    @Test func splitsThatAreLeftOutDoNotContradict() throws {
        for text in [
            "id,split,x,y\na,train,1,0\nb,test,0,1\na,test,1,0\n",
            "id,annotator,label,split\na,p,x,train\na,q,x,test\nb,p,y,train\n",
        ] {
            try folder.write(text, to: "labels.csv")
            let data = try DatasetFolder.read(
                folder.url, as: DatasetReading(labels: LabelReading(ignored: ["split"])))
            #expect(data.samples.map(\.id) == ["a", "b"])
        }
    }

    @Test func imagesThatAreMissingTwiceOrUnclear() throws {
        expect(
            .contradiction(path: path, id: "a", rows: [1, 2], found: ["x 1, y 0", "x 0, y 1"]),
            "\(path): 'a' appears in rows 1 and 2 with different labels (x 1, y 0 and x 0, y 1); expected one row per "
                + "image, or --label-format annotations", "id,x,y\na,1,0\na,0,1\n")
        expectError(
            .twoRows(path: path, image: "a.png", places: ["row 1", "row 2"]),
            "\(path): the image a.png is named twice (row 1 and row 2)", "id,x,y\na,1,0\na.png,0,1\n")
        let missing = folder.url.appendingPathComponent("z").path
        expectError(
            .imageMissing(path: path, place: "row 2", image: missing),
            "\(path): row 2: the image \(missing) does not exist", "id,x,y\na,1,0\nz,0,1\n",
            LabelReading(isStrict: true))
        expectError(
            .imageMissing(path: path, place: "row 1", image: missing, found: "a.png"),
            "\(path): row 1: the image \(missing) does not exist; the folder holds a.png", "id,x,y\nz,0,1\n")
        expectError(
            .unlabelled(path: path, image: "c.JPG", count: 2),
            "\(path): 2 images have no label (the first is c.JPG); --strict expects a label for each",
            "id,x,y\na,1,0\n", LabelReading(isStrict: true))
        let some = try read("id,x,y\na,1,0\nz,0,1\ny,0,1\n")
        #expect(some.samples.map(\.id) == ["a"] && some.unlabelled == ["c.JPG", "sub/b.png"])
        #expect(some.notes.last == "\(path): 2 rows without an image are skipped ('z', 'y')")
        for escape in ["../a", "/etc/passwd", "sub/../a"] {
            #expect(throws: DatasetError.self) { try read("id,x,y\n\(escape),1,0\n") }
        }
        try folder.write("", to: "other/b.png")
        expectError(
            .severalImages(path: path, place: "row 1", id: "b", images: ["other/b.png", "sub/b.png"]),
            "\(path): row 1: the id \"b\" could be any of 2 images (other/b.png, sub/b.png); include its folder in the id",
            "id,x,y\nb,1,0\n")
        #expect(try read("id,x,y\nsub/b,1,0\nother/b.png,0,1\n").samples.map(\.id) == ["sub/b", "other/b"])
        expectError(
            .noImages(path: path), "\(path): found no image with a label; expected at least one", "id,x,y\na,0,0\n")
    }

    /// The sparse file claims a gigabyte in one line. Reading stops after a megabyte.
    @Test func aLineWithoutEndIsGivenUpEarly() throws {
        try folder.write("id,x,y\n", to: "labels.csv")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 1 << 30)
        try handle.close()
        let error = LabelFileError.lineTooLong(path: path, line: 2, limit: 1 << 20)
        #expect(throws: DatasetError.labels(error)) { try DatasetFolder.read(folder.url) }
        #expect(
            error.description
                == "\(path), line 2: more than 1048576 bytes without a line end; expected a row of labels")
        let larger = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try larger.truncate(atOffset: 1 << 31)
        try larger.close()
        let size = LabelFileError.tooLarge(path: path, size: 1 << 31, limit: 1 << 30)
        #expect(throws: DatasetError.labels(size)) { try DatasetFolder.read(folder.url) }
    }

    @Test func twoTablesAreTooMany() throws {
        try folder.write("id,x,y\na,1,0\n", to: "labels.csv")
        try folder.write("id\tx\ty\na\t1\t0\n", to: "labels.tsv")
        let error = DatasetError.severalLabelFiles(
            path: folder.url.path, names: ["labels.csv", "labels.tsv"], remedy: "choose one with --votes")
        #expect(throws: error) { try DatasetFolder.read(folder.url) }
        #expect(
            error.description
                == "\(folder.url.path): found several label files (labels.csv, labels.tsv); expected one: choose one with "
                + "--votes")
        // Naming a table resolves the ambiguity.
        let reading = DatasetReading(votes: folder.url.appendingPathComponent("labels.tsv"))
        #expect(try DatasetFolder.read(folder.url, as: reading).samples.count == 1)
    }
}
