import Foundation
import FoundationXML
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// The content of points in a general figure, and the figure's layout.
@Suite struct PlotContentTests {
    private struct Files {
        let folder: TemporaryFolder
        let layouts: [String]
        let labels: String

        init() throws {
            let folder = try TemporaryFolder()
            self.folder = folder
            layouts = try ["hard", "soft"].map { kind in
                try folder.file("\(kind)/tsne.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
            }
            labels = try folder.file(
                "labels.csv",
                "id,split,annotators,g,nr,ug\na,train,15,1,0,0\nb,test,12,0.2,0.3,0.5\nc,test,,0,1,0\n"
                    + "d,val,3,0,0.25,0.75\n")
        }

        /// Draws both layouts as SVG.
        func plot(_ arguments: String...) -> CommandRun {
            CommandRun(
                arguments: ["plot"] + layouts + ["--labels", labels, "--out", folder.path("f.svg")] + arguments)
        }

        /// The figure's texts in drawing order.
        func texts() throws -> [String] {
            let svg = try folder.text("f.svg")
            return svg.matches(of: /aria-label="([^"]*)"/).map { String($0.output.1) }
        }
    }

    @Test func panelsSayWhoseTheyAreAndHowGood() throws {
        let files = try Files()
        let rows = ["a,1,0,0", "b,0.2,0.3,0.5", "c,0,1,0", "d,0,0.25,0.75"].map { row in
            row + "," + row.split(separator: ",").dropFirst().joined(separator: ",") + "\n"
        }
        _ = try files.folder.file(
            "soft/predictions.csv",
            "id,true_g,true_nr,true_ug,predicted_g,predicted_nr,predicted_ug\n" + rows.joined())
        let run = files.plot()
        #expect(run.status == .done, "\(run.errors)")
        let texts = try files.texts()
        for text in ["hard labels", "soft labels", "ACC 1.0000   KL .0000", "g", "nr", "ug", "N = 4."] {
            #expect(texts.contains(text), "\(texts)")
        }
    }

    @Test(arguments: [
        (["--color", "entropy"], ["label entropy (nats)", "0.0", "0.5", "1.0"]),
        (["--color", "entropy", "--color-range", "0:2"], ["label entropy (nats)", "0", "1", "2"]),
        (["--color", "split"], ["split", "test", "train", "val"]),
        (["--color", "annotators"], ["annotators", "5", "10", "15", "no value"]),
        (["--color", "site", "--columns", "<more>"], ["site", "x &lt;y&gt;", "z", "no value"]),
        (["--glyph", "age", "--columns", "<more>"], ["age", "-1", "0", "1", "g", "nr", "ug"]),
        (
            ["--color", "mixture", "--cluster-labels", "--contours", "classes"],
            ["g", "nr", "ug", "N = 4. Contours hold 50 and 80 % of each class."]
        ),
        (["--color", "entropy", "--contours", "classes"], ["label entropy (nats)", "contours", "g", "nr", "ug"]),
        (["--simulate", "deutan"], ["N = 4. Colours as deutan vision sees them (simulated)."]),
    ])
    func legendsSayWhatIsShown(arguments: [String], expected: [String]) throws {
        let files = try Files()
        // Other row order and one extra row: rows are matched by id.
        let more = try files.folder.file(
            "more.csv", "id,site,age\nd,z,1\nzz,zz,9\nb,x <y>,0.5\na,z,-1\nc,,0\n")
        let words = arguments.map { $0 == "<more>" ? more : $0 }
        let run = CommandRun(
            arguments: ["plot"] + files.layouts
                + ["--labels", files.labels, "--out", files.folder.path("f.svg")] + words)
        #expect(run.status == .done, "\(run.errors)")
        let texts = try files.texts()
        for text in expected { #expect(texts.contains(text), "'\(text)' in \(texts)") }
        #expect(XMLParser(data: Data(try files.folder.text("f.svg").utf8)).parse())
    }

    /// Where the colours name the classes already, their contours need no key.
    @Test func contoursHaveOneKey() throws {
        let files = try Files()
        #expect(files.plot("--contours", "classes").status == .done)
        let texts = try files.texts()
        #expect(!texts.contains("contours") && texts.count { $0 == "nr" } == 1)
    }

    @Test(arguments: [
        (
            ["--color", "entropy", "--palette", "tab10"],
            "--palette has no effect, because no colours of classes are drawn"
        ),
        (["--color", "entropy", "--mix", "srgb"], "--mix has no effect, because no colours of classes are mixed"),
        (["--units", "images", "--no-caption"], "--units has no effect, because the caption is not the program's own"),
    ])
    func optionsWithoutEffectAreNamed(arguments: [String], remark: String) throws {
        let files = try Files()
        let common =
            ["plot"] + files.layouts + ["--labels", files.labels, "--out", files.folder.path("f.svg"), "--json"]
        let run = CommandRun(arguments: common + arguments)
        #expect(run.status == .done && run.errors.contains(remark), "\(run.errors)")
        #expect(run.output.contains(remark), "\(run.output)")
        let plain = files.plot("--palette", "tab10", "--mix", "srgb", "--svg-text", "paths", "--units", "images")
        #expect(!plain.errors.contains("has no effect"), "\(plain.errors)")
    }

    @Test func optionsOfOtherFormatsAreNamed() throws {
        let files = try Files()
        let run = CommandRun(
            "plot", files.layouts[0], "--out", files.folder.path("f.png"), "--svg-text", "paths", "--raster-points",
            "--palette", "tab10")
        #expect(run.status == .done)
        #expect(run.errors.contains("--svg-text has no effect, because no SVG is written"))
        #expect(run.errors.contains("--raster-points has no effect, because a PNG has nothing but pixels"))
        #expect(!run.errors.contains("--palette"))
    }

    @Test func agreementNeedsPredictionsOfEveryMap() throws {
        let files = try Files()
        var run = files.plot("--color", "agreement")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(files.layouts[0]): found no predictions with the same ids (predictions.csv next to it, or "
                + "--predictions)\n")
        let rows = ["a", "b", "c"].map { "\($0),1,0,0.75,0.25\n" }.joined() + "d,1,0,0.25,0.75\n"
        let path = try files.folder.file("p.csv", "id,true_p,true_q,predicted_p,predicted_q\n\(rows)")
        let common =
            ["plot"] + files.layouts + ["--out", files.folder.path("f.svg"), "--color", "agreement", "--predictions"]
        run = CommandRun(arguments: common + [path, path])
        #expect(run.status == .done, "\(run.errors)")
        let texts = try files.texts()
        for text in ["right", "wrong", "predicted", "p", "q"] { #expect(texts.contains(text), "\(texts)") }
        let other = try files.folder.file(
            "o.csv", "id,true_p,predicted_p\na,1,1\nb,1,1\nc,1,1\nd,1,1\n")
        run = CommandRun(arguments: common + [path, other])
        #expect(
            run.errors
                == "Error: \(other): its classes are p; expected those of \(path): p, q\n")
    }

    @Test func columnsThatAreNotThere() throws {
        let files = try Files()
        #expect(
            files.plot("--color", "agee").errors
                == "Error: \(files.labels): no column 'agee'; the columns are split, annotators, g, nr, ug\n")
        let short = try files.folder.file("short.csv", "id,age\na,1\nb,2\nc,3\n")
        let run = files.plot("--color", "age", "--columns", short, "--strict")
        #expect(run.errors == "Error: \(short): 1 samples of \(files.layouts[0]) have no label ('d')\n")
        let infinite = try files.folder.file("inf.csv", "id,age\na,1\nb,2\nc,inf\nd,0\n")
        #expect(
            files.plot("--color", "age", "--columns", infinite).errors
                == "Error: \(infinite), row 3, column 'age': found inf; expected a finite number\n")
        #expect(
            files.plot("--glyph", "split").errors
                == "Error: \(files.layouts[0]): --glyph requires a column of numbers; 'split' holds text\n")
        #expect(
            files.plot("--glyph", "annotators").errors
                == "Error: \(files.layouts[0]): --glyph requires a number for each sample; 'annotators' has none for 'c'\n"
        )
    }

    @Test func columnsBesideTheClassesWhereTheseAreNamed() throws {
        let files = try Files()
        let labels = try files.folder.file("l.csv", "id,age,g,nr\na,31,1,0\nb,42,0.5,0.5\nc,,0,1\nd,35,0,1\n")
        let common = [
            "plot", files.layouts[0], "--labels", labels, "--out", files.folder.path("f.svg"), "--color", "age",
        ]
        #expect(CommandRun(arguments: common).status == .done)
        let run = CommandRun(arguments: common + ["--cluster-labels", "--classes", "g", "nr"])
        #expect(run.status == .done, "\(run.errors)")
        let texts = try files.texts()
        for text in ["age", "35", "40", "no value", "g", "nr"] { #expect(texts.contains(text), "\(texts)") }
    }

    @Test func gridsOfPanels() throws {
        let files = try Files()
        #expect(files.plot("--panels", "1x2").status == .done)
        let svg = try files.folder.text("f.svg")
        let height = try #require(svg.firstMatch(of: /height="([0-9.]+)pt"/).flatMap { Double($0.output.1) })
        // With panels stacked, the page is about twice as high as wide.
        #expect(height > 700)
        let run = files.plot("--panels", "1x1")
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: found 2 layouts; a figure of 1x1 panels shows at most 1\n")
        for text in ["2", "0x1", "13x1", "2x", "axb", "-1x2", "2x2x2"] {
            #expect(files.plot("--panels=\(text)").status == .wrongInput, "\(text)")
        }
    }

    @Test func shapesBecomeMixturesWhenAsked() throws {
        let files = try Files()
        let labels = try files.folder.file(
            "shapes.csv", "id,hue,ellipse_share,c,e\na,0,0,1,0\nb,120,0.5,0.5,0.5\nc,240,1,0,1\nd,1,0.25,0.75,0.25\n")
        func texts(_ arguments: String...) throws -> [String] {
            let run = CommandRun(
                arguments: ["plot"] + files.layouts
                    + ["--labels", labels, "--out", files.folder.path("f.svg")] + arguments)
            #expect(run.status == .done, "\(run.errors)")
            return try files.texts()
        }
        #expect(try texts().contains("colour interpolation"))
        let mixed = try texts("--color", "mixture", "--glyph", "ellipse_share")
        #expect(!mixed.contains("colour interpolation") && mixed.contains("ellipse_share") && mixed.contains("c"))
    }

    @Test func styleFilesNameColoursAndText() throws {
        let files = try Files()
        let style = try files.folder.file(
            "s.json",
            ##"{"palette": {"nr": "#123456"}, "font_size": 9, "legend": "below", "svg_text": "paths"}"##)
        #expect(files.plot("--style", style).status == .done)
        var svg = try files.folder.text("f.svg")
        #expect(svg.contains("#123456") && !svg.contains("<text"))
        #expect(files.plot("--style", style, "--svg-text", "text", "--palette", "tab10").status == .done)
        svg = try files.folder.text("f.svg")
        #expect(!svg.contains("#123456") && svg.contains("font-size=\"9\""))
    }

    @Test func styleFilesGiveDefaults() throws {
        let files = try Files()
        let style = try files.folder.file(
            "s.json",
            #"{"theme": "dark", "width": "column", "mix": "srgb", "point_size": 1.5, "dpi": 99}"#)
        #expect(files.plot("--style", style).errors.isEmpty)
        var svg = try files.folder.text("f.svg")
        #expect(svg.contains("width=\"234pt\"") && svg.contains("fill=\"#15171c\"/>"))
        #expect(files.plot("--style", style, "--theme", "light", "--width", "text").status == .done)
        svg = try files.folder.text("f.svg")
        #expect(svg.contains("width=\"396pt\"") && svg.contains("fill=\"#ffffff\"/>"))
    }

    @Test(arguments: [
        (
            "{\"colour\": 1}",
            "colour: not understood (unknown key; expected theme, width, font, mix, point_size, dpi, font_size, "
                + "legend, svg_text or palette)"
        ),
        ("{\"dpi\": 90, \"dpi\": 99}", "the key 'dpi' occurs twice; expected one value"),
        (
            "{\"palette\": {\"a\": \"#123456\", \"a\": \"#654321\"}}",
            "palette: the key 'a' occurs twice; expected one value"
        ),
        ("{\"font_size\": 2}", "font_size: not understood (found 2.0; expected 4 to 24)"),
        ("{\"legend\": \"left\"}", "legend: not understood (found 'left'; expected one of right, below, none)"),
        ("{\"palette\": [\"red?\"]}", "colour 1: expected a colour such as \"#D55E00\""),
        ("{\"theme\": \"blue\"}", "theme: not understood (found 'blue'; expected one of light, dark)"),
        ("{\"dpi\": 5}", "dpi: not understood (found 5.0; expected 36 to 2400)"),
        ("{\"point_size\": 0}", "point_size: not understood (found 0.0; expected above 0 and at most 20)"),
        ("{\"dpi\": \"high\"}", "dpi: expected Double"),
        ("{", "not JSON"),
        ("[]", "expected Dictionary<String, Any>"),
    ])
    func faultsOfStyleFilesNameFileAndKey(text: String, problem: String) throws {
        let files = try Files()
        let style = try files.folder.file("s.json", text)
        let run = files.plot("--style", style)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(style): \(problem)\n")
    }

    @Test func missingFontsAreToldOnce() throws {
        let files = try Files()
        let run = files.plot("--font", "No Such <Font>")
        #expect(run.status == .done)
        #expect(run.errors.hasPrefix("the font 'No Such <Font>' is not installed; using '"))
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(files.plot("--font", "No Such Font", "--quiet").errors.isEmpty)
    }

    @Test func namesOfClassesAndIdsAreOnlyText() throws {
        let files = try Files()
        let hostile = "\"<script>alert(1)</script> ' & \"\"]]> 😀 שלום\""
        let layout = try files.folder.file("m/tsne.csv", "id,x,y\n\(hostile),0,0\nb,1,1\n")
        let labels = try files.folder.file("l.csv", "id,\(hostile),nr\n\(hostile),1,0\nb,0.5,0.5\n")
        let out = files.folder.path("f.svg")
        for more in [[], ["--cluster-labels"], ["--color", "id", "--cluster-labels"]] {
            let run = CommandRun(
                arguments: ["plot", layout, layout, "--labels", labels, "--out", out, "--names", "</svg>", "&amp;"]
                    + more)
            #expect(run.status == .done, "\(run.errors)")
            let svg = try files.folder.text("f.svg")
            #expect(XMLParser(data: Data(svg.utf8)).parse())
            #expect(!svg.contains("<script") && svg.contains("&lt;script&gt;") && svg.contains("שלום"))
            #expect(svg.components(separatedBy: "</svg>").count == 2 && svg.contains("&amp;amp;"))
        }
    }

    @Test(arguments: [1, 2, 8, 9, 40, 300]) func anyNumberOfClasses(count: Int) throws {
        let files = try Files()
        let rows = ["a", "b", "c", "d"].enumerated().map { row, id in
            ([id] + (0..<count).map { $0 == row % count ? "1" : "0" }).joined(separator: ",")
        }
        let header = (["id"] + (0..<count).map { "class \($0)" }).joined(separator: ",")
        let labels = try files.folder.file("many.csv", ([header] + rows).joined(separator: "\n"))
        let out = files.folder.path("f.png")
        let common = [
            "plot", files.layouts[0], "--labels", labels, "--out", out, "--dpi", "72", "--theme", "dark",
        ]
        for arguments in [
            ["--color", "entropy"], ["--cluster-labels", "--contours", "classes"], ["--contours", "all"],
        ] {
            let run = CommandRun(arguments: common + arguments)
            #expect(run.status == .done, "\(run.errors)")
        }
    }

    @Test func outputsThatCannotBeWritten() throws {
        let files = try Files()
        for out in ["/proc/f.png", files.labels + "/f.png"] {
            let run = CommandRun("plot", files.layouts[0], "--labels", files.labels, "--out", out)
            #expect(run.status == .failed)
            #expect(run.errors.contains(out))
        }
    }
}
