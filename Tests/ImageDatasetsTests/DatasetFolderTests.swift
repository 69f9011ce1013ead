import Foundation
import LabelDistributions
import LabelFiles
import Testing
import TestSupport

@testable import ImageDatasets

/// Choosing the reader for a folder, reading class folders, and files in DCIC folders beside the labels.
struct DatasetFolderTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    private func read(_ format: DatasetFormat? = nil) throws(DatasetError) -> Dataset {
        try DatasetFolder.read(root, as: DatasetReading(format: format))
    }

    private func expect(_ error: DatasetError, _ text: String, _ format: DatasetFormat? = nil) {
        #expect(throws: error) { try read(format) }
        #expect(error.description == text)
    }

    private static let annotations = """
        [{"annotations": [{"image_path": "Set/fold1/a.png", "class_label": "x"},
          {"image_path": "Set/fold2/b.png", "class_label": "y"}]}]
        """

    /// PNGs of 4 x 4 grey levels from 0 to 4,095 and to 65,535, with 16 bits per channel.
    private static let twelveBits =
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEEAAAAADcCh3hAAAALUlEQVR42mNgYGAUZFJiNmZgcWENZUtjL2fg6OCcybWKezcDzxne"
        + "u3zv+P8DAF7UCHGXyRdiAAAAAElFTkSuQmCC"
    private static let allBits =
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEEAAAAADcCh3hAAAALUlEQVR42mNgYBAUVFIyNmZwcQkNTUsrL2fo6Jg5c9Wq3bsZzpy5"
        + "e/fdu///AboUD/G/ffY1AAAAAElFTkSuQmCC"

    @Test func imagesOfFewerBitsThanTheirFileHasAreSaid() throws {
        let labels = "id,x,y\na,1,0\nb,0,1\n"
        try folder.write(labels, to: "labels.csv")
        func write(_ image: String, _ text: String) throws {
            _ = try folder.file("\(image).png", holding: Array(try #require(Data(base64Encoded: text))))
        }
        for image in ["a", "b"] { try write(image, Self.twelveBits) }
        func warnings() throws -> [String] { try read().notes.filter { $0.contains("warning") } }
        let notes = try warnings()
        #expect(
            notes == [
                "\(root.path): warning: PNGs of 16 bits per channel that use at most 1/16 of the range (10 to 14 bits?): "
                    + "they are read as nearly black; multiply their values, or write them with 8 bits (2 images looked at)"
            ])
        try write("b", Self.allBits)
        #expect(try warnings() == [])
    }

    @Test func theFolderDecidesUnlessToldOtherwise() throws {
        expect(
            .noKnownDataset(path: root.path),
            "\(root.path): no data set found; expected fold1 to fold5 with annotations.json or a DCIC JSON, CIFAR-10's batches with the "
                + "labels of CIFAR-10H, CIFAR-10N or CIFAR-10S, FER2013Train with label.csv, images with labels.csv or with "
                + "JSON annotations, or one folder of images per class")
        for path in ["cat/1.png", "cat/2.png", "dog/1.png"] { try folder.write("", to: path) }
        #expect(try read().format == .folders)
        try folder.write("id,x,y\ncat/1,2,1\n", to: "labels.csv")
        #expect(try read().format == .table)
        for path in ["Set/fold1/a.png", "Set/fold2/b.png"] { try folder.write("", to: path) }
        try folder.write(Self.annotations, to: "Set/annotations.json")
        #expect(try read().format == .dcic)
        #expect(try read(.table).samples.map(\.id) == ["cat/1"])
        let missing = root.appendingPathComponent("none")
        #expect(throws: DatasetError.folderMissing(path: missing.path)) { try DatasetFolder.read(missing) }
    }

    @Test func optionsOfTablesAreForTables() throws {
        for path in ["cat/1.png", "dog/1.png"] { try folder.write("", to: path) }
        let error = DatasetError.notATable(path: root.path, format: .folders)
        let reading = DatasetReading(labels: LabelReading(ignored: ["x"]))
        #expect(throws: error) { try DatasetFolder.read(root, as: reading) }
        #expect(
            error.description
                == "\(root.path): the format is folders, to which options for a table of votes do not apply")
        expect(
            .notOfFormat(path: root.path, format: .table, expected: "labels.csv or labels.tsv (or --votes)"),
            "\(root.path): no data set of format table found; expected labels.csv or labels.tsv (or --votes)", .table)
    }

    @Test func aFolderAClass() throws {
        for path in ["dog/1.png", "cat/2.png", "cat/deep/1.jpeg", "cat/notes.txt", "empty/x.txt", "loose.png"] {
            try folder.write("", to: path)
        }
        let dataset = try read()
        #expect(dataset.classes == ["cat", "dog"])
        // Names repeat between classes, so ids are paths.
        #expect(dataset.samples.map(\.id) == ["cat/2", "cat/deep/1", "dog/1"])
        #expect(dataset.samples.map(\.votes) == [[1, 0], [1, 0], [0, 1]])
        #expect(dataset.unlabelled == ["loose.png"] && dataset.slices == 1...5)
        #expect(dataset.splitOrigin == .dealt(seed: 0))
        try folder.write("", to: "dog/1.jpg")
        expect(
            .duplicateID(path: root.path, id: "dog/1", places: ["dog/1.jpg", "dog/1.png"]),
            "\(root.path): the id \"dog/1\" belongs to two images (dog/1.jpg and dog/1.png)")
        let empty = try TemporaryFolder()
        #expect(throws: DatasetError.self) { try DatasetFolder.read(empty.url, as: DatasetReading(format: .folders)) }
    }

    @Test func foldersOfSubsetsAreTheSplit() throws {
        for path in ["train/cat/1.png", "train/dog/2.png", "valid/cat/3.png", "test/cat/1.png"] {
            try folder.write("", to: path)
        }
        let dataset = try read()
        #expect(dataset.classes == ["cat", "dog"] && dataset.slices == 1...1)
        #expect(dataset.samples.map(\.id) == ["test/cat/1", "train/cat/1", "train/dog/2", "valid/cat/3"])
        #expect(dataset.samples.map(\.subset) == [.test, .train, .train, .validation])
        #expect(dataset.splitOrigin == .folders(["test", "train", "valid"]))
        let error = DatasetError.onlySplit(path: "set", found: 3)
        #expect(throws: error) { try Split(slice: 3).check(dataset, path: "set") }
        #expect(
            error.description
                == "set: the split is 3; expected 1: the data set itself says which images are for training, validation and "
                + "test")
    }

    @Test func foldsDependOnTheSetOfImagesAlone() {
        let ids = (0..<103).map { "image \($0)" }
        let classes = ids.indices.map { $0 % 3 == 0 ? 1 : 0 }
        let folds = Folds.deal(ids, classes: classes, seed: 5)
        let order = Array(ids.indices.reversed())
        let reversed = Folds.deal(order.map { ids[$0] }, classes: order.map { classes[$0] }, seed: 5)
        #expect(order.map { folds[$0] } == reversed)
        #expect(folds != Folds.deal(ids, classes: classes, seed: 6))
        for hardClass in 0...1 {
            let sizes = (1...5).map { fold in folds.indices.count { folds[$0] == fold && classes[$0] == hardClass } }
            #expect(sizes.max()! - sizes.min()! <= 1)
        }
    }

    @Test func imagesThatNobodyAnnotated() throws {
        for path in ["fold1/a.png", "fold2/b.png", "fold2/c.png", "fold5/d.jpg", "fold5/notes.txt"] {
            try folder.write("", to: "Set/\(path)")
        }
        try folder.write(Self.annotations, to: "Set/annotations.json")
        #expect(try read().unlabelled == ["fold2/c.png", "fold5/d.jpg"])
        // Images that the label file itself leaves unlabelled are listed once.
        let image = #"{"path": "Set/fold2/c.png", "soft_gt": []}, {"path": "Set/fold1/a.png", "soft_gt": [1]}"#
        try folder.write(#"{"name": "s", "classes": ["x"], "images": [\#(image)]}"#, to: "Set/Set.json")
        #expect(try read().unlabelled == ["Set/fold2/c.png", "fold2/b.png", "fold5/d.jpg"])
    }

    /// In slice 1, fold 3 is the test fold.
    @Test func aTestImageAmongTheTrainingFolds() throws {
        for path in ["fold1/a.png", "fold3/b.png"] { try folder.write("", to: "Set/\(path)") }
        func write(_ a: String, _ b: String, slice: Int = 1) throws {
            let images = [("fold1/a", a), ("fold3/b", b)].map { path, split in
                #"{"path": "Set/\#(path).png", "split": "\#(split)", "soft_gt": [1]}"#
            }
            try folder.write(
                #"{"name": "s", "v_fold": \#(slice), "classes": ["x"], "images": [\#(images.joined(separator: ","))]}"#,
                to: "Set/Set.json")
        }
        let path = root.appendingPathComponent("Set/Set.json").path
        try write("train", "test")
        #expect(try read().samples.count == 2)
        // The benchmark's other split names do not concern the test set.
        try write("unlabeled", "test")
        #expect(try read().samples.count == 2)
        try write("test", "test")
        expect(
            .subset(path: path, place: "images[0]", found: "test", expected: "train (fold 1 in slice 1)"),
            "\(path): images[0]: the split is test; expected train (fold 1 in slice 1): an image is either a test "
                + "image or not")
        try write("train", "train")
        expect(
            .subset(path: path, place: "images[1]", found: "train", expected: "test (fold 3 in slice 1)"),
            "\(path): images[1]: the split is train; expected test (fold 3 in slice 1): an image is either a test "
                + "image or not")
        try write("train", "train", slice: 2)
        #expect(try read().samples.count == 2)
        // The same image in two folds.
        try folder.write("", to: "Set/fold4/a.png")
        try folder.write(
            Self.annotations.replacing("fold2/b", with: "fold4/a"), to: "Set/annotations.json")
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: DatasetError.self) { try read() }
    }
}
