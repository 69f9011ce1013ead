import Figures
import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `explore` on small maps, and `compare --explorer-only`.
@Suite struct ExploreTests {
    private struct Files {
        let folder: TemporaryFolder
        let map: String
        let labels: String
        let out: String

        init() throws {
            folder = try TemporaryFolder()
            map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
            labels = try folder.file(
                "labels.csv", "id,site,age,nv,bcc\na,head,40,1,0\nb,trunk,,0.5,0.5\nc,head,61,0,1\n")
            out = folder.path("page/map.html")
        }

        func explore(_ arguments: String...) -> CommandRun {
            CommandRun(arguments: ["explore", map, "--out", out] + arguments)
        }

        /// The JSON data embedded in the page.
        func words() throws -> [String: Any] {
            let page = try folder.text("page/map.html")
            let start = try #require(page.range(of: "id=\"explorer-data\">")).upperBound
            let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
            let object = try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8))
            return try #require(object as? [String: Any])
        }

        func names(_ key: String, _ name: String = "name") throws -> [String?] {
            try #require(try words()[key] as? [[String: Any]]).map { $0[name] as? String }
        }
    }

    @Test func aMapAloneIsExplored() throws {
        let files = try Files()
        let run = files.explore()
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output == "\(files.out)\n")
        let words = try files.words()
        #expect(words["title"] as? String == "map" && words["count"] as? Int == 4)
        #expect(words["verdict"] as? String == "")
        #expect(try files.names("classes") == ["samples"] && files.names("panels") == ["map"])
    }

    /// All columns except the classes are kept. Samples without a label form their own class, and class names are spelled out.
    @Test func labelsBringClassesAndColumns() throws {
        let files = try Files()
        let run = files.explore(
            "--labels", files.labels, "--classes", "nv", "bcc", "--class-names", "nv=melanocytic nevus", "--title",
            "<b>")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try files.names("classes") == ["nv", "bcc", "no label"])
        #expect(try files.names("classes", "fullName") == ["melanocytic nevus", nil, nil])
        #expect(try files.names("columns") == ["site", "age"])
        #expect(try files.words()["title"] as? String == "<b>")
        #expect(try !files.folder.text("page/map.html").contains("<b>"))
        // With `--strict`, the same file is an error that names the sample.
        let strict = files.explore("--labels", files.labels, "--classes", "nv", "bcc", "--strict")
        #expect(strict.status == .wrongInput && strict.errors.contains("d"))
    }

    @Test func imagesAreThoseOfTheFolder() throws {
        let files = try Files()
        for (index, name) in ["a.png", "deep/b.png", "c.png"].enumerated() {
            var picture = ThumbnailSheet(count: 1, imageSide: 4, for: .projector)
            picture.set(0, pixelWidth: 1, pixelHeight: 1, rgb: [UInt8(index), 200, 30])
            _ = try files.folder.file("images/\(name)", "")
            try #require(try picture.png()).write(
                to: URL(fileURLWithPath: files.folder.path("images/\(name)")))
        }
        let run = files.explore("--data", files.folder.path("images"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("found no image of 1 samples (d)"))
        #expect(try files.words()["thumbnails"] is [String: Any])
        _ = try files.folder.file("other/x.png", files.folder.text("map.csv"))
        let none = files.explore("--data", files.folder.path("other"))
        #expect(none.status == .wrongInput && none.errors.contains("found no image of these samples (a, b, c"))
    }

    /// Worked out by hand: the points lie on a line, so the nearest are the adjacent ones.
    @Test func neighboursAreThoseOfTheSpace() throws {
        let files = try Files()
        let features = try files.folder.file("features.csv", "id,f0,f1\na,0,0\nb,9,0\nc,1,0\nd,3,0\n")
        #expect(files.explore("--features", features).status == .done)
        let panel = try #require((try files.words()["panels"] as? [[String: Any]])?.first)
        #expect((panel["neighbors"] as? [String: Any])?["count"] as? Int == 12)
        let space = try FeatureTable.read(URL(fileURLWithPath: features), idsFile: nil)
        #expect(space.ids.ids == ["a", "b", "c", "d"])
        let other = try files.folder.file("other.csv", "id,f0,f1\na,0,0\nb,9,0\nx,1,0\nd,3,0\n")
        let run = files.explore("--features", other)
        #expect(run.status == .wrongInput && run.errors.contains("x"))
    }

    /// Nobody named the file; one that is named has to fit.
    @Test func predictionsOfOtherClassesBesideAMapAreLeftOut() throws {
        let files = try Files()
        let other = try files.folder.file(
            "predictions.csv", "id,true_p,predicted_p\n" + ["a", "b", "c", "d"].map { "\($0),1,1\n" }.joined())
        let labels = ["--labels", files.labels, "--classes", "nv", "bcc"]
        let run = CommandRun(arguments: ["explore", files.map, "--out", files.out] + labels)
        #expect(run.status == .done, "\(run.errors)")
        #expect(
            run.errors.contains(
                "\(other): its classes are p; expected those of \(files.labels): nv, bcc: ACC and KL are not "
                    + "shown\n"),
            "\(run.errors)")
        let named = CommandRun(
            arguments: ["explore", files.map, "--out", files.out, "--predictions", other] + labels)
        #expect(named.status == .wrongInput)
    }

    @Test func whatCannotBeExploredSaysWhy() throws {
        let files = try Files()
        func expect(_ arguments: String..., says text: String, at location: SourceLocation = #_sourceLocation) {
            let run = CommandRun(arguments: ["explore", files.map, "--out", files.out] + arguments)
            #expect(run.status == .wrongInput, sourceLocation: location)
            #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: location)
        }
        expect(
            "--labels", files.labels, "--classes", "nv", "bcc", "--class-names", "mel=melanoma",
            says: "--class-names names 'mel', which is not a class; expected one of nv, bcc")
        expect("--class-names", "nv", says: "found 'nv'; expected CLASS=NAME")
        expect("--class-names", "nv=a", "nv=b", says: "class 'nv' is named twice")
        expect("--names", "one", "two", says: "--names has 2 values; expected 1, one per map")
        let two = CommandRun("explore", files.map, files.map, "--out", files.out, "--names", "one")
        #expect(two.errors.hasPrefix("Error: --names has 1 value; expected 2, one per map.\n"), "\(two.errors)")
        expect(
            files.map, files.map, files.map, files.map, files.map, files.map,
            says: "Found 7 maps; a page has room for at most 6")
        let other = try files.folder.file("other.csv", "id,x,y\na,0,0\nz,1,0\nc,0,1\nd,1,1\n")
        expect(other, says: "z")
        let run = CommandRun("explore", files.map, "--out", files.map)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(files.map): unknown extension; expected .html or .htm\n")
        #expect(try files.folder.text("map.csv").hasPrefix("id,x,y"))
    }

    /// A text column with a different value per sample is left out with a note. Forty classes with long names are all shown.
    @Test func manyTextsAndManyClasses() throws {
        let files = try Files()
        let classes = (0..<40).map { "a class with a very long name, number \($0)" }
        let rows = (0..<300).map { row in
            "s\(row),\"\"\"\(row)\"\" <i>\",\"\(classes[row % 40])\",\(row)"
        }
        _ = try files.folder.file("map.csv", "id,x,y\n" + (0..<300).map { "s\($0),\($0 % 17),\($0)\n" }.joined())
        let labels = try files.folder.file("long.csv", "id,remark,label,age\n" + rows.joined(separator: "\n") + "\n")
        let run = files.explore("--labels", labels, "--label-column", "label")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("column 'remark' is left out"))
        #expect(try files.names("classes").count == 40)
        #expect(try files.names("columns") == ["age"])
    }

    @Test func compareWritesTheExplorerAlone() throws {
        let files = try CompareFiles()
        let run = files.compare("--explorer-only", "--snapshots", "0", "--class-names", "a=the first")
        #expect(run.status == .done, "\(run.errors)")
        let written = try FileManager.default.contentsOfDirectory(atPath: files.folder.path("out"))
        #expect(written.contains("explorer.html") && written.contains("hard.csv"))
        #expect(!written.contains { $0.hasPrefix("figure") || $0.hasPrefix("report") || $0 == "samples.csv" })
        let page = try files.folder.text("out/explorer.html")
        #expect(page.contains("\"fullName\":\"the first\""))
        #expect(page.contains("5 measures speak") && page.contains("\"neighbors\":{"))
        let wrong = files.compare("--explorer-only", "--class-names", "zz=none")
        #expect(wrong.status == .wrongInput && wrong.errors.contains("--class-names names 'zz'"))
    }
}
