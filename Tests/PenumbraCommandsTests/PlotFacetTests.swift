import Foundation
import ImageDatasets
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Facets, arrows between maps, images as points, and cyclic colours.
@Suite struct PlotFacetTests {
    private struct Files {
        let folder: TemporaryFolder
        let layouts: [String]
        let labels: String
        let more: String

        init() throws {
            let folder = try TemporaryFolder()
            self.folder = folder
            // The second map is the first rotated by 90°, except for `d`, which lies far off.
            layouts = [
                try folder.file("one.csv", "id,x,y\na,0,0\nb,10,0\nc,0,10\nd,10,10\n"),
                try folder.file("two.csv", "id,x,y\na,0,0\nb,0,10\nc,-10,0\nd,-2,3\n"),
            ]
            labels = try folder.file(
                "labels.csv",
                "id,split,annotators,p,q\na,train,3,1,0\nb,test,3,0.5,0.5\nc,test,3,0,1\nd,val,3,0,1\n")
            more = try folder.file("more.csv", "id,site,angle\na,head,350\nb,leg,10\nc,head,180\nd,,-10\n")
        }

        func plot(_ count: Int, _ arguments: String...) -> CommandRun {
            CommandRun(
                arguments: ["plot"] + layouts.prefix(count) + ["--labels", labels, "--out", folder.path("f.svg")]
                    + further(arguments) + arguments)
        }

        /// The table of columns, if the arguments name one of them.
        func further(_ arguments: [String]) -> [String] {
            arguments.contains { ["site", "angle"].contains($0) } ? ["--columns", more] : []
        }

        var svg: String { get throws { try folder.text("f.svg") } }

        func texts() throws -> [String] {
            try svg.matches(of: /aria-label="([^"]*)"/).map { String($0.output.1) }
        }
    }

    @Test func aColumnHasAPanelForEachValue() throws {
        let files = try Files()
        var run = files.plot(1, "--facet", "site")
        #expect(run.status == .done, "\(run.errors)")
        var texts = try files.texts()
        #expect(texts.contains("head (2)") && texts.contains("leg (1)"))
        #expect(texts.contains { $0.contains("Each panel shows one value of site; grey: the others.") })
        // Both panels show all four points. Other values are grey, and so is, in every panel, the sample without a value.
        let grey = try files.svg.matches(of: /<circle[^>]*fill="([^"]*)"/).map { String($0.output.1) }
        let counts = Dictionary(grey.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(grey.count == 8 && counts.values.max() == 5)

        // Facets by class: one row per map, labelled with its name.
        run = files.plot(2, "--facet", "class")
        #expect(run.status == .done, "\(run.errors)")
        texts = try files.texts()
        #expect(texts.filter { $0 == "q (2)" || $0 == "p (2)" }.count == 4 && texts.contains("one"))

        run = files.plot(1, "--facet", "angle", "--color", "split")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try files.texts().contains("-10 (1)"))
    }

    @Test func whatHasNoFacetsSaysWhy() throws {
        let files = try Files()
        let rows = (0..<500).map { "r\($0),v\($0 % 150),\($0)" }.joined(separator: "\n")
        let wide = try files.folder.file(
            "wide.csv", "id,x,y\n" + (0..<500).map { "r\($0),\($0),1" }.joined(separator: "\n"))
        let more = try files.folder.file("many.csv", "id,kind,number\n\(rows)\n")
        for (column, count) in [("kind", "150"), ("number", "500")] {
            let run = CommandRun(
                "plot", wide, "--facet", column, "--columns", more, "--out", files.folder.path("f.svg"))
            #expect(run.status == .wrongInput)
            #expect(
                run.errors.contains("the column '\(column)' has \(count) values; expected 1 to 24"), "\(run.errors)")
        }
        for (arguments, message) in [
            (["--facet", "site", "--contours", "all"], "--facet cannot be combined with --contours"),
            (["--facet", "nothing"], "nothing"),
            (["--arrows", "5"], "found 1; expected 2"),
            (["--arrows", "0"], "at most 100"),
            (["--color", "angle", "--color-period", "0"], "positive"),
            (["--thumbnails", "5"], "--thumbnails and --data go together"),
        ] {
            let run = CommandRun(
                arguments: [
                    "plot", files.layouts[0], "--labels", files.labels, "--out", files.folder.path("f.svg"),
                ] + files.further(arguments) + arguments)
            #expect(run.status == .wrongInput && run.errors.contains(message), "\(arguments) \(run.errors)")
        }
    }

    /// The map is rotated onto the first before distances are measured, so only `d` has moved.
    @Test func arrowsLeadWhereAPointHasGone() throws {
        let files = try Files()
        let run = files.plot(2, "--arrows", "25")
        #expect(run.status == .done, "\(run.errors)")
        let texts = try files.texts()
        #expect(texts.contains("one → two"))
        #expect(
            texts.contains {
                $0.contains(
                    "Arrows: the 1 points (25 %) that moved most from one to two, which was rotated onto the first.")
            })
        // One arrow is a line with its outline, plus a three-cornered head.
        #expect(
            try files.svg.matches(
                of: /<path d="M[^"L]*L[^"LZ]*" fill="none" stroke="#[0-9a-f]*" stroke-width="(1.2|.5)"/
            ).count == 2)
    }

    @Test func aPeriodClosesTheColours() throws {
        let files = try Files()
        let run = files.plot(1, "--color", "angle", "--color-period", "360")
        #expect(run.status == .done, "\(run.errors)")
        let fills = try files.svg.matches(of: /<circle[^>]*fill="([^"]*)"/).map { String($0.output.1) }
        // 350 and -10 degrees share one colour.
        #expect(fills.count == 4 && Set(fills).count == 3)
        #expect(try files.texts().contains("angle") && files.texts().contains("300"))
    }

    /// The hue column of the shapes set is treated as an angle by default.
    @Test func theHueOfShapesIsAnAngle() throws {
        let files = try Files()
        let shapes = try files.folder.file(
            "shapes.csv", "id,hue,ellipse_share\na,0,0\nb,359.9,0.5\nc,180,1\nd,90,0.25\n")
        let run = CommandRun(
            "plot", files.layouts[0], "--labels", shapes, "--color", "hue", "--out", files.folder.path("f.svg"))
        #expect(run.status == .done, "\(run.errors)")
        let fills = try files.svg.matches(of: /<circle[^>]*fill="(#ff00[0-9a-f]*)"/).map { String($0.output.1) }
        #expect(fills.count == 2)
    }

    @Test func entropyMayBeTheGlyph() throws {
        let files = try Files()
        let run = files.plot(1, "--glyph", "entropy")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try files.texts().contains("label entropy (nats)"))
        // One ellipse is the only ambiguous sample; four are in the legend.
        #expect(try files.svg.matches(of: /<ellipse/).count == 5)
    }

    @Test func imagesStandForPoints() throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "40", "--size", "16")
        let ids = try DatasetFolder.read(folder.file("Shapes")).samples.map(\.id)
        let layout = try folder.file(
            "map.csv",
            "id,x,y\n" + ids.enumerated().map { "\($1),\($0 % 7),\($0 / 7)" }.joined(separator: "\n") + "\n")
        func plot(_ name: String, _ more: String...) throws -> String {
            let run = CommandRun(
                arguments: ["plot", layout, "--data", folder.path("Shapes"), "--out", folder.path(name)] + more)
            #expect(run.status == .done, "\(run.errors)")
            return String(decoding: try Data(contentsOf: folder.file(name)), as: Unicode.ASCII.self)
        }
        let few = try plot("few.svg", "--thumbnails", "5")
        #expect(few.matches(of: #/<image\b/#).count == 5 && few.matches(of: /<circle/).count == ids.count)
        let all = try plot("all.svg", "--thumbnails", "2000")
        #expect((20...ids.count).contains(all.matches(of: #/<image\b/#).count))
        _ = try plot("few.png", "--thumbnails", "5", "--simulate", "deutan", "--dpi", "60")
        _ = try plot("few.pdf", "--thumbnails", "5")

        _ = try folder.file("map.csv", "id,x,y\nnobody,0,0\nnothing,1,1\n")
        let run = CommandRun(
            "plot", layout, "--data", folder.path("Shapes"), "--thumbnails", "2", "--out", folder.path("n.svg"))
        #expect(run.status == .wrongInput && run.errors.contains("no image of 'no"), "\(run.errors)")
    }

    @Test func charactersWithoutAFontAreSaid() throws {
        let files = try Files()
        // A private-use character, which no font has.
        let run = files.plot(1, "--title", "a\u{F8FE2}b")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("no installed font has '\u{F8FE2}'"), "\(run.errors)")
        #expect(!files.plot(1, "--title", "plain").errors.contains("no installed font"))
    }

    /// Forty classes with long names that contain quotes and markup.
    @Test(arguments: ["svg", "pdf", "png"]) func manyLongNamesFit(format: String) throws {
        let folder = try TemporaryFolder()
        let names = (0..<40).map { "\"a very long name of <class> & \"\"number\"\" \($0) of all\"" }
        let rows = (0..<80).map { row in
            "s\(row)," + (0..<40).map { $0 == row % 40 ? "1" : "0" }.joined(separator: ",")
        }
        let labels = try folder.file(
            "l.csv", "id,\(names.joined(separator: ","))\n\(rows.joined(separator: "\n"))\n")
        let layout = try folder.file(
            "m.csv", "id,x,y\n" + (0..<80).map { "s\($0),\($0 % 9),\($0 / 9)" }.joined(separator: "\n"))
        for more in [[], ["--width", "column"], ["--legend", "below", "--cluster-labels"]] {
            let run = CommandRun(
                arguments: ["plot", layout, "--labels", labels, "--out", folder.path("f.\(format)"), "--dpi", "50"]
                    + more)
            #expect(run.status == .done, "\(run.errors)")
        }
        if format == "svg" { #expect(try folder.text("f.svg").contains("&lt;class&gt; &amp; &quot;number&quot; 39")) }
    }
}
