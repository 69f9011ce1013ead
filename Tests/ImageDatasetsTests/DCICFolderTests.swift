import Foundation
import LabelDistributions
import TensorFiles
import Testing
import TestSupport

@testable import ImageDatasets

struct DCICFolderTests {
    /// A set of three images in DCIC JSON, which each test breaks in one way. Images are looked up, not decoded.
    private struct Made {
        let folder: TemporaryFolder

        init(_ labels: String? = Made.labels, name: String = "Set/Set.json") throws {
            folder = try TemporaryFolder()
            for image in ["fold1/a", "fold2/b", "fold5/c"] { try folder.write("", to: "Set/\(image).png") }
            if let labels { try folder.write(labels, to: name) }
        }

        var root: URL { folder.url }
        var labelPath: String { folder.url.appendingPathComponent("Set/Set.json").path }

        func read() throws(DatasetError) -> Dataset { try DCICFolder.read(root) }

        static func image(_ path: String, _ label: String, more: String = "") -> String {
            #"{"path": "\#(path)", "soft_gt": \#(label)\#(more)}"#
        }

        static func labels(_ images: [String], classes: String = #"["x", "y"]"#) -> String {
            #"{"name": "Three", "classes": \#(classes), "images": [\#(images.joined(separator: ", "))]}"#
        }

        static let a = image("Set/fold1/a.png", "[0.25, 0.75]")
        static let b = image("Set/fold2/b.png", "[1, 0]", more: #", "gt": 0, "gt_verbose": "x", "info": {"k": [1]}"#)
        static let c = image("Set/fold5/c.png", "[0.5, 0.5]", more: #", "split": "test""#)
        static let labels = labels([a, b, c])
    }

    private func expect(_ error: DatasetError, _ text: String, _ made: Made) {
        #expect(throws: error) { try made.read() }
        #expect(error.description == text)
    }

    @Test func readsInTheOrderOfTheFile() throws {
        let made = try Made(Made.labels([Made.c, Made.a, Made.b]))
        for root in [made.root, made.root.appendingPathComponent("Set")] {
            let dataset = try DCICFolder.read(root)
            #expect(dataset.name == "Three" && dataset.classes == ["x", "y"])
            #expect(dataset.samples.map(\.id) == ["c", "a", "b"])
            #expect(dataset.samples.map(\.fold) == [5, 1, 2])
            #expect(dataset.samples.map(\.label.probabilities) == [[0.5, 0.5], [0.25, 0.75], [1, 0]])
            #expect(dataset.samples.allSatisfy { $0.votes == nil && $0.appearance == nil })
            #expect(FileManager.default.fileExists(atPath: dataset.samples[0].imageURL.path))
        }
    }

    @Test func aRenamedFolderAndAnotherFileNameWork() throws {
        let made = try Made()
        try FileManager.default.moveItem(
            at: made.root.appendingPathComponent("Set"), to: made.root.appendingPathComponent("Other"))
        #expect(try made.read().samples.count == 3)
    }

    @Test func aClassWithoutImagesAndAnUnknownLabelWork() throws {
        let unknown = Made.image("Set/fold5/c.png", "[]", more: #", "gt": -1, "gt_verbose": "unknown""#)
        let b = Made.image("Set/fold2/b.png", "[0, 0, 1]")
        let made = try Made(Made.labels([b, unknown], classes: #"["x", "y", "z"]"#))
        let dataset = try made.read()
        #expect(dataset.samples.map(\.label.hardClass) == [2])
        // Also lists the image that the file does not mention.
        #expect(dataset.unlabelled == ["Set/fold5/c.png", "fold1/a.png"])
    }

    @Test func countsRawAnnotations() throws {
        let annotations = """
            [{"name": "first", "dataset_name": "Set", "user_mail": "m", "annotation_time": 3, "annotations": [
              {"image_path": "Set/fold2/b.png", "class_label": "ug", "created_at": "31-12-2021-10-00-00"},
              {"image_path": "Set/fold1/a.png", "class_label": "nr", "created_at": "31-12-2021-10-00-00"},
              {"image_path": "Set/fold5/c.png", "class_label": null, "created_at": "31-12-2021-10-00-00"}]},
             {"name": "second", "annotations": [
              {"image_path": "Set/fold1/a.png", "class_label": "g"},
              {"image_path": "Set/fold1/a.png", "class_label": "nr"},
              {"image_path": "Set/fold2/b.png", "class_label": null}]}]
            """
        let dataset = try Made(annotations, name: "Set/annotations.json").read()
        #expect(dataset.name == "Set" && dataset.classes == ["g", "nr", "ug"])
        #expect(dataset.samples.map(\.id) == ["a", "b"])
        #expect(dataset.samples.map(\.votes) == [[1, 2, 0], [0, 0, 1]])
        #expect(try dataset.samples[0].label == LabelDistribution(counts: [1, 2, 0]))
        #expect(dataset.unlabelled == ["Set/fold5/c.png"])
    }

    @Test func missingFoldersAndFiles() throws {
        let made = try Made(nil)
        let missing = made.root.appendingPathComponent("nowhere")
        #expect(throws: DatasetError.folderMissing(path: missing.path)) { try DCICFolder.read(missing) }
        #expect(DatasetError.folderMissing(path: "d").description == "d: there is no such folder")
        expect(
            .noDataset(path: made.root.path),
            "\(made.root.path): no data set found; expected fold1 to fold5 and a label file, in this folder or in one "
                + "inside it (annotations.json or a DCIC JSON)", made)
        let empty = try TemporaryFolder()
        #expect(throws: DatasetError.noDataset(path: empty.url.path)) { try DCICFolder.read(empty.url) }
    }

    @Test func severalCandidates() throws {
        let sets = try Made()
        // A folder with JSON but no folds is not a data set.
        try sets.folder.write("{}", to: "runs/run.json")
        #expect(try sets.read().samples.count == 3)
        try sets.folder.write(Made.labels, to: "Second/labels.json")
        try sets.folder.write("", to: "Second/fold3/d.png")
        expect(
            .severalDatasets(path: sets.root.path, names: ["Second", "Set"]),
            "\(sets.root.path): found several data sets (Second, Set); name one of these folders", sets)
        let files = try Made(Made.labels, name: "Set/one.json")
        try files.folder.write(Made.labels, to: "Set/two.json")
        let path = files.root.appendingPathComponent("Set").path
        expect(
            .severalLabelFiles(path: path, names: ["one.json", "two.json"]),
            "\(path): found several label files (one.json, two.json); expected one: move the others to another folder",
            files)
        // The file named after the folder is preferred.
        try files.folder.write(Made.labels, to: "Set/Set.json")
        #expect(try files.read().samples.count == 3)
    }

    @Test func labelFilesThatAreNotRead() throws {
        let made = try Made()
        let path = made.root.appendingPathComponent("Set").path
        #expect(try made.read().notes == [])
        // A file of other content holds no labels.
        try made.folder.write(#"{"author": "n"}"#, to: "Set/about.json")
        #expect(try made.read().notes == [])
        try made.folder.write("[]", to: "Set/annotations.json")
        #expect(
            try made.read().notes == ["\(path): the labels are read from Set.json; annotations.json is not read"])
        try made.folder.write("id,x,y\na,1,0\n", to: "Set/labels.csv")
        try made.folder.write("id,x,y\na,1,0\n", to: "labels.tsv")
        try made.folder.write(Made.labels, to: "Set/copy.json")
        try made.folder.write("id,hue,ellipse_share\na,0,0\nb,0,0\nc,0,0\n", to: "Set/samples.csv")
        #expect(
            try made.read().notes == [
                "\(path): the labels are read from Set.json; copy.json, annotations.json, labels.csv, "
                    + "\(made.root.appendingPathComponent("labels.tsv").path) are not read"
            ])
        // Only other labels make the choice matter.
        let b = Made.image("Set/fold2/b.png", "[0, 1]")
        try made.folder.write(Made.labels([Made.a, b, Made.c]), to: "Set/changed.json")
        expect(
            .severalLabelFiles(path: path, names: ["Set.json", "changed.json"]),
            "\(path): found several label files (Set.json, changed.json); expected one: move the others to another folder",
            made)
    }

    @Test func labelFilesThatCannotBeReadOrParsed() throws {
        let made = try Made(nil)
        let path = made.labelPath
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        expect(.unreadable(.isAFolder(path: path)), "\(path): is a folder; expected a file", made)

        for (text, place, problem) in [
            (#"{"name": "x", "classes": ["x"]}"#, "the file", #"the key "images" is missing"#),
            (Made.labels([Made.a, #"{"path": "p"}"#]), "images[1]", #"the key "soft_gt" is missing"#),
            (Made.labels([Made.image("p", #"["1"]"#)]), "images[0].soft_gt[0]", "expected a number"),
            (Made.labels([Made.image("p", "7")]), "images[0].soft_gt", "expected a list"),
            (#"{"name": 1, "classes": ["x"], "images": []}"#, "name", "expected a string"),
            ("[1]", "the file", "expected an object"),
            (
                Made.labels([Made.a, Made.image("p", "null")]), "images[1].soft_gt",
                "found null; expected a list"
            ),
        ] {
            let made = try Made(text)
            expect(
                .malformed(path: made.labelPath, place: place, problem: problem),
                "\(made.labelPath): \(place): \(problem)", made)
        }
    }

    /// Empty, truncated, deeply nested, binary and misspelt files give an error with its position, never a crash.
    @Test(arguments: [
        ("", "Unexpected end of file during JSON parse."),
        (#"{"name": "#, "Unexpected end of file during JSON parse."),
        (String(Made.labels.dropLast(40)), "Unexpected end of file during JSON parse."),
        (
            String(repeating: "[", count: 200_000),
            "Too many nested arrays or dictionaries around character 513."
        ),
        ("\u{0}\u{1}", "byte 0 is 0x0; expected UTF-8 text"),
        (#"{"classes": ["x" "y"]}"#, "Invalid value around character 17."),
    ])
    func whatIsNoJSONIsAnError(text: String, detail: String) throws {
        let made = try Made(text)
        expect(
            .malformed(path: made.labelPath, place: "the file", problem: "not valid JSON (\(detail))"),
            "\(made.labelPath): the file: not valid JSON (\(detail))", made)
    }

    /// Such bytes used to trap in Foundation's lenient decoder.
    @Test func bytesThatAreNoTextAreAnError() throws {
        let made = try Made(nil)
        try Data([UInt8(ascii: "{"), 0xFD] + Array("\"fo\":".utf8)).write(to: URL(fileURLWithPath: made.labelPath))
        expect(
            .malformed(
                path: made.labelPath, place: "the file",
                problem: "not valid JSON (byte 1 is 0xFD; expected UTF-8 text)"),
            "\(made.labelPath): the file: not valid JSON (byte 1 is 0xFD; expected UTF-8 text)", made)
    }

    /// Syntax that is not JSON, such as Python's NaN, is an error with its position.
    @Test(arguments: ["[NaN, 1]", "[Infinity, 0]", "[+1, 0]", "[0x1, 0]", "[1, 0] // all"])
    func lenientSyntaxIsAnError(label: String) throws {
        let made = try Made(Made.labels([Made.a, Made.image("Set/fold2/b.png", label)]))
        let problem = errorProblem {
            try made.read()
        } where: { error in
            guard case DatasetError.malformed(_, "the file", let problem) = error else { return false }
            return problem.hasPrefix("not valid JSON (") && problem.contains("around character ")
        }
        #expect(problem == nil)
    }

    @Test(arguments: [
        ("[0.5, 0.25]", LabelDistributionError.sum(0.75)), ("[2, -1]", .negative(index: 1, value: -1)),
    ])
    func labelsThatAreNoDistributions(label: String, error: LabelDistributionError) throws {
        let made = try Made(Made.labels([Made.a, Made.image("Set/fold2/b.png", label)]))
        expect(
            .label(path: made.labelPath, place: "images[1]", error), "\(made.labelPath): images[1]: \(error)", made)
    }

    @Test func labelsOfOtherClasses() throws {
        let size = try Made(Made.labels([Made.image("Set/fold1/a.png", "[1]")]))
        expect(
            .labelSize(path: size.labelPath, place: "images[0]", found: 1, expected: 2),
            "\(size.labelPath): images[0]: the label has 1 numbers; expected 2, one per class", size)
        for (more, found) in [(#", "gt_verbose": "q""#, "q"), (#", "gt": 2"#, "2"), (#", "gt": -2"#, "-2")] {
            let made = try Made(Made.labels([Made.image("Set/fold1/a.png", "[1, 0]", more: more)]))
            expect(
                .unknownClass(path: made.labelPath, place: "images[0]", found: found, expected: ["x", "y"]),
                "\(made.labelPath): images[0]: the class is \"\(found)\"; expected one of x, y", made)
        }
        for (classes, found) in [("[]", []), (#"["x", "x"]"#, ["x", "x"])] {
            let made = try Made(Made.labels([Made.a], classes: classes))
            expect(
                .classes(path: made.labelPath, found: found),
                "\(made.labelPath): the classes are [\(found.joined(separator: ", "))]; expected at least one class, each with its own name",
                made)
        }
    }

    @Test func noImages() throws {
        let made = try Made(Made.labels([]))
        let text = "\(made.labelPath): found no image with a label; expected at least one"
        expect(.noImages(path: made.labelPath), text, made)
        let raw = try Made("[]", name: "Set/annotations.json")
        let path = raw.root.appendingPathComponent("Set/annotations.json").path
        expect(.noImages(path: path), "\(path): found no image with a label; expected at least one", raw)
    }

    @Test(arguments: ["/etc/passwd", "Set/fold1/../../secret.png", "../Set/fold1/a.png"])
    func pathsThatLeaveTheFolder(path: String) throws {
        let made = try Made(Made.labels([Made.image(path, "[1, 0]")]))
        expect(
            .pathLeavesRoot(path: made.labelPath, place: "images[0]", image: path),
            "\(made.labelPath): images[0]: the image path \"\(path)\" points outside the data set's folder", made)
    }

    /// System calls would stop at the NUL and find an existing image.
    @Test func aNulInAPathIsRefused() throws {
        let made = try Made()
        let folder = made.root.appendingPathComponent("Set")
        var samples = SampleCollector(file: LabelFile(url: folder.appendingPathComponent("Set.json"), folder: folder))
        let path = "Set/fold1/a.png\u{0}.png"
        #expect(throws: DatasetError.pathLeavesRoot(path: made.labelPath, place: "images[0]", image: path)) {
            try samples.append(path, place: "images[0]", label: LabelDistribution(oneHot: 0, of: 2), votes: nil)
        }
        let text = Made.labels([Made.image(#"Set/fold1/a.png\u0000.png"#, "[1, 0]")])
        #expect(throws: DatasetError.self) { try Made(text).read() }
    }

    @Test(arguments: ["a.png", "Set/fold6/a.png", "Set/fold1/deep/a.png", "Set/fold1/", "Set/a.png", ""])
    func pathsWithoutFold(path: String) throws {
        let made = try Made(Made.labels([Made.image(path, "[1, 0]")]))
        expect(
            .pathWithoutFold(path: made.labelPath, place: "images[0]", image: path),
            "\(made.labelPath): images[0]: the image path is \"\(path)\"; expected one like Name/fold1/image.png "
                + "(fold1 to fold5)", made)
    }

    @Test func imagesThatAreMissingOrTwice() throws {
        let missing = try Made(Made.labels([Made.a, Made.image("Set/fold3/z.png", "[1, 0]")]))
        let image = missing.root.appendingPathComponent("Set/fold3/z.png").path
        expect(
            .imageMissing(path: missing.labelPath, place: "images[1]", image: image),
            "\(missing.labelPath): images[1]: the image \(image) does not exist", missing)
        let twice = try Made(Made.labels([Made.a, Made.b, Made.image("Set/fold2/a.png", "[1, 0]")]))
        try twice.folder.write("", to: "Set/fold2/a.png")
        expect(
            .duplicateID(path: twice.labelPath, id: "a", places: ["images[0]", "images[2]"]),
            "\(twice.labelPath): the id \"a\" belongs to two images (images[0] and images[2])", twice)
    }

    @Test func rawAnnotationsNameTheirPlace() throws {
        let empty = #"[{"annotations": [{"image_path": "Set/fold1/a.png", "class_label": ""}]}]"#
        let raw = try Made(empty, name: "Set/annotations.json")
        let path = raw.root.appendingPathComponent("Set/annotations.json").path
        expect(
            .malformed(path: path, place: "[0].annotations[0]", problem: "class_label is empty"),
            "\(path): [0].annotations[0]: class_label is empty", raw)
        let missing = """
            [{"annotations": []}, {"annotations": [{"image_path": "Set/fold4/q.png", "class_label": "x"}]}]
            """
        let other = try Made(missing, name: "Set/annotations.json")
        let image = other.root.appendingPathComponent("Set/fold4/q.png").path
        #expect(
            throws: DatasetError.imageMissing(
                path: other.root.appendingPathComponent("Set/annotations.json").path, place: "[1].annotations[0]",
                image: image)
        ) { try other.read() }
    }

    @Test func appearancesAreJoinedById() throws {
        let made = try Made()
        try made.folder.write("id,hue,ellipse_share\nc,10,0\nb,359.5,0.5\na,0,1\n", to: "Set/samples.csv")
        let expected = [(0.0, 1.0), (359.5, 0.5), (10, 0)].map { Appearance(hue: $0.0, ellipseShare: $0.1) }
        #expect(try made.read().samples.map(\.appearance) == expected)
        // A table of the user's own with other columns is ignored.
        try made.folder.write("id,notes\nq,none\n", to: "Set/samples.csv")
        #expect(try made.read().samples.allSatisfy { $0.appearance == nil })
    }

    @Test func appearancesThatDoNotFit() throws {
        let made = try Made()
        let path = made.root.appendingPathComponent("Set/samples.csv").path
        let header = "id,hue,ellipse_share\n"
        func table(_ rows: String) throws { try made.folder.write(header + rows, to: "Set/samples.csv") }

        for (rows, id) in [("a,1,0\nb,1,0\n", "c"), ("a,1,0\nb,1,0\nc,1,0\nd,1,0\n", "d")] {
            try table(rows)
            expect(
                .idsDiffer(path: path, id: id, labelFile: made.labelPath),
                "\(path): the id \"\(id)\" is in only one of this file and \(made.labelPath); expected the same images",
                made)
        }
        try table("a,1,0\nb,360,0\nc,1,0\n")
        expect(
            .appearance(path: path, row: 2, column: "hue", found: 360, expected: "0 to below 360 degrees"),
            "\(path): row 2: hue is 360.0; expected 0 to below 360 degrees", made)
        try table("a,1,0\nb,1,1.5\nc,1,0\n")
        expect(
            .appearance(path: path, row: 2, column: "ellipse_share", found: 1.5, expected: "0 to 1"),
            "\(path): row 2: ellipse_share is 1.5; expected 0 to 1", made)
        try table("a,1,0\na,1,0\n")
        expect(
            .duplicateID(path: path, id: "a", places: ["row 1", "row 2"]),
            "\(path): the id \"a\" belongs to two images (row 1 and row 2)", made)
        try table("a,red,0\n")
        let error = CSVError.notANumber(path: path, row: 1, column: "hue", found: "red")
        expect(.table(error), error.description, made)
    }
}
