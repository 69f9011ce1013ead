import Foundation
import LabelDistributions
import TestSupport
import Testing

@testable import ImageDatasets

/// Different spellings of one image's path.
struct ImagePathTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    @Test func spellingsOfOnePath() {
        let root = URL(fileURLWithPath: "/data/sets/set")
        func plain(_ path: String) -> String? { ImagePath.relative(path, to: root) }
        for path in [
            "sub/a.png", "./sub/a.png", "sub\\a.png", ".\\sub\\a.png", "sub//./a.png", "/data/sets/set/sub/a.png",
        ] {
            #expect(plain(path) == "sub/a.png", "\(path)")
        }
        for path in ["../a.png", "sub/../../a.png", "/data/sets/settee/a.png", "/a.png", "a.png\0"] {
            #expect(plain(path) == nil, "\(path)")
        }
        #expect(ImagePath.withoutFolder("sets/set/sub/a.png", root) == "sub/a.png")
        #expect(ImagePath.withoutFolder("set/a.png", root) == "a.png")
        #expect(ImagePath.withoutFolder("other/set/a.png", root) == nil)
    }

    private func read(_ table: String) throws -> [String] {
        try folder.write(table, to: "labels.csv")
        return try DatasetFolder.read(root).samples.map(\.id)
    }

    @Test func tablesSpellPathsAsTheyLike() throws {
        for path in ["a.png", "sub/b.png", "c.jfif"] { try folder.write("", to: path) }
        #expect(try read("id,x,y\n./a.png,1,2\nsub\\b.png,1,0\n\(root.path)/c.jfif,0,1\n") == ["a", "sub/b", "c"])
        let name = root.lastPathComponent
        #expect(try read("id,x,y\n\(name)/a.png,1,2\n.\\sub\\b,1,0\nc,0,1\n") == ["\(name)/a", "sub/b", "c"])
        // Two spellings of one image are detected as duplicates.
        #expect(
            throws: DatasetError.twoRows(
                path: root.appendingPathComponent("labels.csv").path, image: "a.png", places: ["row 1", "row 2"])
        ) {
            try read("id,x,y\n./a.png,1,2\na.png,1,0\n")
        }
        #expect(throws: DatasetError.self) { try read("id,x,y\n../a.png,1,2\n") }
        // A backslash is part of the name, not a separator, if a file of that name exists.
        try folder.write("", to: "d\\e.png")
        #expect(try read("id,x,y\nd\\e.png,1,2\n") == ["d\\e"])
    }

    @Test func annotationsSpellPathsAsTheyLike() throws {
        for path in ["Set/fold1/a.png", "Set/fold2/b.png"] { try folder.write("", to: path) }
        let path = root.appendingPathComponent("Set/fold1/a.png").path
        let annotations = [
            ("Set/fold1/a.png", "x"), ("./Set/fold1/a.png", "y"), ("Set\\\\fold1\\\\a.png", "y"), (path, "y"),
            ("fold2\\\\b.png", "x"),
        ]
        let entries = annotations.map { #"{"image_path": "\#($0)", "class_label": "\#($1)"}"# }
        try folder.write(#"[{"annotations": [\#(entries.joined(separator: ","))]}]"#, to: "Set/annotations.json")
        let dataset = try DatasetFolder.read(root)
        #expect(dataset.samples.first { $0.id == "a" }?.votes?.reduce(0, +) == 4)
        #expect(dataset.samples.map(\.fold).sorted() == [1, 2])
        #expect(dataset.unlabelled.isEmpty)
    }
}
