import Foundation
import ImageDatasets
import RasterImages
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct DatasetTests {
    /// Six grey squares with three or four votes each.
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.file("set/notes.txt", "no image")
        for (index, name) in ["a", "b", "c", "d", "e", "f"].enumerated() {
            let grey = UInt8(40 * index)
            let image = RGBImage(width: 8, height: 8, pixels: [UInt8](repeating: grey, count: 192))
            try Data(PNGCodec.encode(image)).write(to: folder.url.appendingPathComponent("set/\(name).png"))
        }
        _ = try folder.file(
            "set/labels.csv", "id,cat,dog,unknown\na,3,0,0\nb,2,2,0\nc,0,4,0\nd,1,2,1\ne,0,3,0\nf,0,0,3\n")
        return folder
    }

    @Test func saysWhatAFolderHolds() throws {
        let folder = try Self.folder()
        let run = CommandRun("dataset", folder.path("set"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(
            run.errors == """
                \(folder.path("set/labels.csv")): votes, one column per class; ids in 'id'; 2 classes: cat, dog; skipped: \
                unknown (not a class)
                1 images without a label are left out (f)

                """)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let (kappa, alpha) = (Decimals.fixed(AgreementByHand.kappa, 4), Decimals.fixed(AgreementByHand.alpha, 4))
        #expect(
            Array(lines.prefix(8)) == [
                "set: 5 images of 2 classes (table), 8 x 8 pixels; 1 without a label",
                "votes: 17, 3.40 per image (3 to 4)",
                "agreement: Fleiss' kappa \(kappa), Krippendorff's alpha \(alpha) (5 images of two or more votes)",
                "ties: 1 (b), counted for the first class",
                "",
                "class  majority  of images  mean label",
                "cat           2     40.0 %      36.7 %  " + String(repeating: "█", count: 23),
                "dog           3     60.0 %      63.3 %  " + String(repeating: "█", count: 40),
            ])
        #expect(
            lines.last == ""
                && lines.dropLast().last == "most ambiguous: b (0.69), d (0.64), a (0.00), c (0.00), e (0.00)")
        #expect(lines.contains("split 5: 3 train, 1 val, 1 test"))
        #expect(lines.contains("splits: images dealt into five folds by seed 0"))
    }

    /// Agreement for the votes 3:0, 2:2, 0:4, 1:2 and 0:3, straight from the definitions.
    private enum AgreementByHand {
        static var kappa: Double {
            let third = 1.0 / 3
            let observed: Double = (3 + 2 * third) / 5
            let cat: Double = (1.5 + third) / 5
            let expected = cat * cat + (1 - cat) * (1 - cat)
            return (observed - expected) / (1 - expected)
        }

        static var alpha: Double {
            // Unequal ordered pairs within each image, divided by votes - 1: 2:2 gives 8 / 3, 1:2 gives 4 / 2.
            let observed = (8.0 / 3 + 2) / 17
            let expected = 2.0 * 6 * 11 / (17 * 16)
            return 1 - observed / expected
        }
    }

    @Test func theSameForPrograms() throws {
        let folder = try Self.folder()
        let run = CommandRun(
            "dataset", folder.path("set"), "--json", "--duplicates", "--duplicates-in", folder.path("set"))
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(report["images"] as? Int == 5 && report["unlabelled"] as? Int == 1)
        let alpha = try #require((report["agreement"] as? [String: Any])?["krippendorff_alpha"] as? Double)
        #expect(abs(alpha - AgreementByHand.alpha) < 1e-12)
        #expect((report["ties"] as? [String: Any])?["ids"] as? [String] == ["b"])
        #expect((report["identical"] as? [[String]]) == [])
    }

    @Test func whereTheSplitsComeFrom() throws {
        let folder = try Self.folder()
        let table = "id,cat,dog,split\na,3,0,train\nb,2,2,train\nc,0,4,val\nd,1,2,test\ne,0,3,test\nf,1,0,train\n"
        _ = try folder.file("set/labels.csv", table)
        let run = CommandRun("dataset", folder.path("set"))
        #expect(run.output.contains("\nsplits: from column split\nsplit 1: 3 train"))
        func source(_ options: String...) throws -> [String: Any]? {
            let run = CommandRun(arguments: ["dataset", folder.path("set"), "--json"] + options)
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            return report?["splits_from"] as? [String: Any]
        }
        let column = try source()
        #expect(column?["source"] as? String == "column" && column?["names"] as? [String] == ["split"])
        let seed = try source("--ignore-columns", "split", "--fold-seed", "7")
        #expect(seed?["source"] as? String == "seed" && seed?["seed"] as? Int == 7 && seed?["names"] == nil)
        for name in ["train/cat/a", "test/dog/d"] {
            let image = folder.url.appendingPathComponent("set/\(name.suffix(1)).png")
            let copy = folder.url.appendingPathComponent("tree/\(name).png")
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: image, to: copy)
        }
        let tree = CommandRun("dataset", folder.path("tree"))
        #expect(tree.output.contains("\nsplits: from the folders test, train\nsplit 1: 1 train, 0 val, 1 test\n"))
    }

    /// Holds for any terminal width and name length.
    @Test(arguments: [30, 40, 60, 100])
    func linesAreNoWiderThanTheTerminal(width: Int) throws {
        let folder = try TemporaryFolder()
        let image = try PNGCodec.encode(RGBImage(width: 2, height: 2, pixels: [UInt8](repeating: 0, count: 12)))
        let long = "a class of a name that no terminal holds"
        var rows = "id,\(long),short\n"
        for index in 0..<30 {
            try Data(image).write(to: folder.url.appendingPathComponent("image\(index).png"))
            rows += "image\(index),\(index % 4),\(3 - index % 4)\n"
        }
        _ = try folder.file("labels.csv", rows)
        let dataset = try DatasetFolder.read(folder.url)
        let report = try DatasetReport(dataset, folder: "set", identical: dataset.identicalImages())
        let lines = report.lines(width: width)
        let limit = max(width, (dataset.name.count + 3))
        #expect(lines.allSatisfy { $0.count <= limit }, "\(lines.filter { $0.count > limit })")
        // All thirty images are identical and spread over five folds.
        #expect(report.identical?.count == 1 && report.identicalAcrossFolds == 1)
    }

    @Test func theContactSheetShowsTheMostAmbiguous() throws {
        let folder = try Self.folder()
        let sheet = folder.path("sheet.png")
        let run = CommandRun("dataset", folder.path("set"), "--contact-sheet", sheet, "--images", "3")
        #expect(run.status == .done, "\(run.errors)")
        let image = try RGBImage(contentsOf: URL(fileURLWithPath: sheet))
        // A page width of 6.75 inches at 300 dpi.
        #expect(image.width == 2025)
        // It shows b, d and a (grey 40, 120 and 0), each with over 100,000 pixels.
        var counts = [Int](repeating: 0, count: 256)
        for index in stride(from: 0, to: image.pixels.count, by: 3) { counts[Int(image.pixels[index])] += 1 }
        #expect([40, 120, 0].allSatisfy { counts[$0] > 100_000 } && [80, 160].allSatisfy { counts[$0] < 10_000 })
        for name in ["sheet.pdf", "sheet.jpg"] {
            let wrong = CommandRun("dataset", folder.path("set"), "--contact-sheet", folder.path(name))
            #expect(wrong.status == .wrongInput)
            #expect(wrong.errors == "Error: \(folder.path(name)): unknown extension; expected .png\n")
        }
    }

    /// Shares are no votes, and three of five are not all.
    @Test func theContactSheetSaysWhatItLists() throws {
        let classes = ["a", "b", "c", "d", "e"]
        let folder = try Self.folder()
        func label(_ rows: String) throws -> (detail: String, subtitle: String) {
            _ = try folder.file("set/labels.csv", "id,a,b,c,d,e\n" + rows)
            let dataset = try DatasetFolder.read(folder.file("set"))
            let sample = dataset.samples[0]
            let sheet = try DatasetCommand.sheet(of: dataset, images: 3)
            return (DatasetCommand.label(of: sample, classes), sheet.subtitle)
        }
        let shares = try label("a,0.5,0.2,0.15,0.1,0.05\nb,1,0,0,0,0\nc,0,1,0,0,0\nd,0.5,0.5,0,0,0\n")
        #expect(shares.detail == "a\u{A0}0.50, b\u{A0}0.20, c\u{A0}0.15, …")
        #expect(shares.subtitle.hasSuffix("The bar under each image shows its label."))
        let votes = try label("a,3,2,1,0,0\nb,1,0,0,0,0\nc,0,5,0,0,0\nd,0,0,0,4,2\n")
        #expect(votes.detail == "a\u{A0}3, b\u{A0}2, c\u{A0}1")
        #expect(votes.subtitle.hasSuffix("The bar under each image shows its votes."))
    }

    @Test func aClassSeenOnceIsSaid() throws {
        let folder = try Self.folder()
        _ = try folder.file(
            "set/labels.csv", "id,cat,dog,owl,fox\na,3,0,0,0\nb,2,2,0,0\nc,0,4,0,0\nd,0,3,0,0\ne,0,1,2,0\n")
        let run = CommandRun("dataset", folder.path("set"))
        #expect(run.status == .done)
        #expect(run.output.contains("\nmajority of one image or none: owl, fox\n"))
    }

    @Test func wrongFoldersAreWrongInput() throws {
        let folder = try TemporaryFolder()
        let run = CommandRun("dataset", folder.url.path)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(folder.url.path): no data set found; expected fold1 to fold5"))
        #expect(CommandRun("dataset", folder.path("none")).errors.hasSuffix("there is no such folder\n"))
        #expect(CommandRun("dataset", folder.url.path, "--format", "tfrecord").status == .wrongInput)
    }
}
