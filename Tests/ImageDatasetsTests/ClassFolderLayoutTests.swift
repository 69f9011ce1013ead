import Foundation
import LabelDistributions
import TestSupport
import Testing

@testable import ImageDatasets

/// Other files beside classes and subsets, and images in unsupported formats.
struct ClassFolderLayoutTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ paths: String...) throws {
        for path in paths { try folder.write("", to: path) }
    }

    private static let bmp = Data("BM".utf8 + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0])

    private func read(ignoring: [String]? = nil) throws(DatasetError) -> Dataset {
        try DatasetFolder.read(root, as: DatasetReading(ignoredFolders: ignoring))
    }

    private func expect(_ error: DatasetError, _ text: String) {
        #expect(throws: error) { try read() }
        #expect(error.description == text)
    }

    @Test func subsetsStaySubsetsBesideOtherFolders() throws {
        try write(
            "Train/cat/1.png", "Train/dog/2.png", "dev/cat/3.png", "TEST/dog/4.png", "docs/readme.txt",
            "__MACOSX/cat/5.png", ".ipynb_checkpoints/6.png", "@eaDir/7.png", "Train/cat/@eaDir/8.png")
        let dataset = try read()
        #expect(dataset.classes == ["cat", "dog"])
        #expect(dataset.samples.map(\.subset) == [.test, .train, .train, .validation])
        #expect(
            dataset.notes == [
                "\(root.path): TEST is read as test images, Train is read as training images, dev is read as validation "
                    + "images",
                "\(root.path): folders without images are ignored (docs)",
                "\(root.path): folders made by other programs are ignored (@eaDir, Train/cat/@eaDir, __MACOSX)",
            ])
    }

    @Test func imagesBesideSubsets() throws {
        try write("train/cat/1.png", "train/dog/2.png", "test/cat/3.png", "old/cat/1.png")
        expect(
            .foldersBesideSubsets(path: root.path, subsets: ["test", "train"], others: ["old"]),
            "\(root.path): old holds images next to the subsets test, train; expected only training, validation and "
                + "test folders: leave it out with --ignore-folders old")
        #expect(try read(ignoring: ["old"]).samples.count == 3)
        #expect(try read(ignoring: ["./old/"]).samples.count == 3)
        let error = DatasetError.unknownFolder(path: root.path, name: "new", known: ["old", "test", "train"])
        #expect(throws: error) { try read(ignoring: ["new"]) }
        #expect(
            error.description
                == "\(root.path): --ignore-folders names new, which is not a folder there; the folders are old, test, train"
        )
        // A second copy of the set inside it, as archives contain it.
        try FileManager.default.removeItem(at: folder.file("old"))
        try write("set/train/cat/1.png", "set/test/cat/3.png")
        #expect(throws: DatasetError.self) { try read() }
    }

    /// Competitions keep the classes of their test images secret.
    @Test func testImagesWithoutClasses() throws {
        try write("train/cat/1.png", "train/dog/2.png", "test/3.png")
        let dataset = try read()
        #expect(dataset.samples.map(\.subset) == [.train, .train] && dataset.unlabelled == ["test/3.png"])
    }

    @Test func aClassMayBeCalledLikeASubset() throws {
        try write("bus/1.png", "train/2.png")
        let dataset = try read()
        #expect(dataset.classes == ["bus", "train"] && dataset.slices == 1...5)
    }

    @Test func copiesAreNoClasses() throws {
        try write("cat/1.png", "dog/2.png", "copy/cat/1.png", "copy/dog/2.png")
        expect(
            .nestedCopy(path: root.path, folder: "copy", names: ["cat", "dog"]),
            "\(root.path): copy holds no images itself but folders called cat, dog; expected one folder of images per "
                + "class: if it is a copy, leave it out with --ignore-folders copy")
        #expect(try read(ignoring: ["copy"]).classes == ["cat", "dog"])
    }

    @Test func classesBelowOtherFolders() throws {
        try write("2023/cat/1.png", "2023/dog/2.png", "2024/cat/3.png", "2024/dog/4.png")
        expect(
            .sameFoldersInside(path: root.path, folders: ["2023", "2024"], names: ["cat", "dog"]),
            "\(root.path): 2023, 2024 all hold folders called cat, dog, which look like the classes; expected one "
                + "folder of images per class: name one of them as the data set, call them train, val and test, or "
                + "leave folders out with --ignore-folders")
        // A single folder around everything.
        let dataset = try read(ignoring: ["2024"])
        #expect(dataset.samples.map(\.id) == ["cat/1", "dog/2"])
        #expect(dataset.samples[0].imageURL.path == folder.path("2023/cat/1.png"))
        #expect(dataset.notes == ["\(root.path): the only folder in it, 2023, is read as the data set"])
    }

    @Test func aClassOfAnotherFormat() throws {
        try write("cat/1.jfif", "cat/2.JPE", "dog/3.JPG")
        try folder.write(Self.bmp, to: "cat/4.bmp")
        var dataset = try read()
        #expect(dataset.samples.map(\.id) == ["cat/1", "cat/2", "dog/3"])
        #expect(
            dataset.notes == [
                "\(root.path): 1 image in unsupported formats is skipped (1 BMP: cat/4.bmp); expected PNG, JPEG or WebP"
            ])
        // The content decides, not the name.
        try folder.write(Self.bmp, to: "owl/1.png")
        try folder.write("GIF89a", to: "owl/2.gif")
        expect(
            .unreadClasses(path: root.path, folders: ["owl"], formats: "1 BMP, 1 GIF"),
            "\(root.path): no image in owl has a supported format (1 BMP, 1 GIF); expected PNG, JPEG or WebP: convert "
                + "them, or leave the folders out with --ignore-folders owl")
        dataset = try read(ignoring: ["owl"])
        #expect(dataset.classes == ["cat", "dog"])
    }

    @Test func aTableOfImagesOfAnotherFormat() throws {
        try write("a.png", "b.png")
        try folder.write(Self.bmp, to: "c.bmp")
        try folder.write(Self.bmp, to: "d.bmp")
        try folder.write("id,x,y\na.png,2,1\nb.png,1,2\nc.bmp,2,1\n", to: "labels.csv")
        let dataset = try read()
        #expect(dataset.samples.map(\.id) == ["a", "b"] && dataset.unlabelled.isEmpty)
        // The first note describes how the table was read.
        #expect(
            dataset.notes.dropFirst() == [
                "\(root.path): 2 images in unsupported formats are skipped (2 BMP: c.bmp, d.bmp); expected PNG, JPEG "
                    + "or WebP"
            ])
        try folder.write("id,x,y\na.png,2,1\nb.png,2,1\nc.bmp,1,2\n", to: "labels.csv")
        expect(
            .unreadMajority(path: root.path, classes: ["y"], formats: "1 BMP"),
            "\(root.path): no image whose majority is y has a supported format (1 BMP); expected PNG, JPEG or WebP: "
                + "convert them")
    }

    @Test func aLabelFileThatNamesAnotherFormat() throws {
        try folder.write(Self.bmp, to: "Set/fold1/a.bmp")
        try folder.write(
            #"[{"annotations": [{"image_path": "Set/fold1/a.bmp", "class_label": "x"}]}]"#, to: "Set/annotations.json")
        let (path, image) = (folder.path("Set/annotations.json"), folder.path("Set/fold1/a.bmp"))
        expect(
            .imageFormat(path: path, place: "[0].annotations[0]", image: image, format: "BMP"),
            "\(path): [0].annotations[0]: the image \(image) is BMP; expected PNG, JPEG or WebP: convert it")
        let error = DatasetError.noFoldersToIgnore(path: root.path, format: .dcic)
        #expect(throws: error) { try read(ignoring: ["Set"]) }
        #expect(
            error.description
                == "\(root.path): the format is dcic, which itself says where the images are; --ignore-folders does not apply"
        )
    }

    @Test func classesThatDifferOnlyInCase() throws {
        try write("train/Cat/1.png", "train/dog/2.png", "test/cat/3.png")
        let dataset = try read()
        #expect(dataset.classes == ["Cat", "cat", "dog"])
        #expect(
            dataset.notes.last == "\(root.path): 'Cat' and 'cat' are different classes that differ only in case")
    }

    @Test func tablesBesideClasses() throws {
        try write("set/cat/1.png", "set/dog/2.png", "set/about.txt")
        #expect(try read().notes == ["\(root.path): the only folder in it, set, is read as the data set"])
        try folder.write("id,x,y\ncat/1,1,2\n", to: "train.csv")
        #expect(
            try read().notes.last
                == "\(root.path): the folders are read as classes; \(folder.path("train.csv")) is not read (--votes names a "
                + "label file)")
        try folder.write("id,x,y\ncat/1,1,2\n", to: "set/annotations.csv")
        #expect(
            try read().notes.last
                == "\(root.path): the folders are read as classes; \(folder.path("train.csv")), "
                + "\(folder.path("set/annotations.csv")) are not read (--votes names a label file)")
    }

    /// A row may call the validation split "dev".
    @Test func tablesNameTheValidationSplitDev() throws {
        try write("a.png", "b.png", "c.png")
        try folder.write("id,x,y,split\na,2,1,train\nb,1,2,Dev\nc,1,2,test\n", to: "labels.csv")
        #expect(try read().samples.map(\.subset) == [.train, .validation, .test])
    }

    /// The doubled folders were the classes, each in one subset only.
    @Test func doubledFoldersOfSubsets() throws {
        try write("train/train/cat/1.png", "train/train/dog/2.png", "test/test/cat/3.png", "test/test/dog/4.png")
        let dataset = try read()
        #expect(dataset.classes == ["cat", "dog"] && dataset.samples.map(\.id)[0] == "test/test/cat/3")
        #expect(dataset.samples.map(\.subset) == [.test, .test, .train, .train])
        #expect(
            dataset.notes
                == ["\(root.path): test/test is read as test images, train/train is read as training images"])
    }

    @Test func foldersOfFolders() throws {
        try write("seg_train/seg_train/cat/1.png", "seg_train/seg_train/dog/2.png", "seg_test/seg_test/cat/3.png")
        expect(
            .classesInside(
                path: root.path, folders: ["seg_test", "seg_train"], name: "seg_test", names: ["seg_test"]),
            "\(root.path): seg_test, seg_train hold no images themselves but folders (seg_test holds seg_test), which may be "
                + "the classes; expected one folder of images per class: name an inner folder as the data set, or read the "
                + "outer ones as the classes with --format folders (embed: --data-format folders)")
        let named = try DatasetFolder.read(root, as: DatasetReading(format: .folders))
        #expect(named.classes == ["seg_test", "seg_train"])
    }

    @Test(arguments: ["", "train/"]) func foldersThatAreNoClasses(prefix: String) throws {
        try write("\(prefix)images/1.png", "\(prefix)masks/1.png")
        #expect(throws: DatasetError.noClassName(path: root.path + (prefix.isEmpty ? "" : "/train/"), folder: "images"))
        {
            try read()
        }
        #expect(try DatasetFolder.read(root, as: DatasetReading(format: .folders)).classes == ["images", "masks"])
    }

    @Test func tablesOfOtherNames() throws {
        try write("1.png", "metadata.csv")
        let error = DatasetError.noKnownDataset(path: root.path, tables: ["metadata.csv"])
        #expect(throws: error) { try read() }
        #expect(error.description.hasSuffix("; if metadata.csv holds the labels, name it with --votes"))
    }

    /// The error named neither the tables beside the images nor the option for them.
    @Test func tablesInTheFoldersOfSubsets() throws {
        try write("train/1.png", "train/_classes.csv", "valid/2.png", "valid/_classes.csv")
        expect(
            .notOfFormat(
                path: root.path, format: .folders,
                expected:
                    "one folder of images per class; train/_classes.csv, valid/_classes.csv may hold the labels: name one "
                    + "with --votes"),
            "\(root.path): no data set of format folders found; expected one folder of images per class; train/_classes.csv, "
                + "valid/_classes.csv may hold the labels: name one with --votes")
    }

    /// They were two classes.
    @Test func foldersThatDifferInABlank() throws {
        try write("cat/1.png", "cat /2.png", "dog/3.png")
        #expect(throws: DatasetError.classes(path: root.path, found: ["cat", "cat "])) { try read() }
    }
}
