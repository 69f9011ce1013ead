import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct PlotTests {
    /// A layout of four samples, shapes-set labels for them, and labels of three classes.
    private struct Files {
        let folder: TemporaryFolder
        let layout: String
        let shapes: String
        let classes: String

        init() throws {
            folder = try TemporaryFolder()
            layout = try folder.file("soft/tsne.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
            shapes = try folder.file(
                "samples.csv", "id,hue,ellipse_share\na,0,0\nb,120,0.5\nc,240,1\nd,359.5,0.25\n")
            classes = try folder.file(
                "classes.csv",
                "id,split,annotators,g,nr,ug\na,test,15,1,0,0\nb,test,15,0.2,0.3,0.5\nc,test,,0,1,0\n"
                    + "d,test,3,0,0.25,0.75\n")
        }
    }

    @Test(arguments: ["png", "svg", "pdf"]) func theShapesSetBecomesFigureOne(format: String) throws {
        let files = try Files()
        let out = files.folder.path("figure.\(format)")
        let hard = try files.folder.file("hard/tsne.csv", files.folder.text("soft/tsne.csv"))
        let run = CommandRun("plot", hard, files.layout, "--labels", files.shapes, "--out", out, "--dpi", "72")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output == "\(out)\n")
        let data = try Data(contentsOf: URL(fileURLWithPath: out))
        let magic: [String: [UInt8]] = ["png": [0x89, 0x50], "svg": Array("<?".utf8), "pdf": Array("%PDF".utf8)]
        #expect(data.starts(with: try #require(magic[format])))
        if format == "svg" {
            let text = String(decoding: data, as: UTF8.self)
            #expect(text.contains("hard labels") && text.contains("soft labels"))
            #expect(text.contains("N = 4"))
        }
    }

    @Test func otherLabelsBecomeOnePanelALayout() throws {
        let files = try Files()
        let out = files.folder.path("figure.svg")
        let run = CommandRun(
            "plot", files.layout, files.layout, "--labels", files.classes, "--out", out, "--names", "first", "second",
            "--json")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("  \"figure\" : \"\(out)\",") && run.output.contains("  \"points\" : 4"))
        let text = try files.folder.text("figure.svg")
        for name in ["first", "second", "nr", "ug"] { #expect(text.contains(name)) }
    }

    /// A film has one frame per snapshot plus one for the final map.
    @Test func snapshotsBecomeAFilm() throws {
        let files = try Files()
        let (out, film) = (files.folder.path("figure.png"), files.folder.path("film.webp"))
        func plot(_ layouts: String...) -> CommandRun {
            CommandRun(
                arguments: ["plot"] + layouts + [
                    "--labels", files.shapes, "--out", out, "--film", film, "--dpi", "40", "-q",
                ])
        }
        var run = plot(files.layout)
        let folder = files.folder.path("soft/tsne.snapshots")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(folder): found no snapshots of its layout; 'penumbra project' writes them with --snapshots\n"
        )
        for (name, far) in [("00", "0.1"), ("50", "2"), ("75", "3")] {
            _ = try files.folder.file(
                "soft/tsne.snapshots/\(name).csv", "id,x,y\na,0,0\nb,\(far),0\nc,0,\(far)\nd,1,1\n")
        }
        run = plot(files.layout)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output == "\(out)\n\(film)\n")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: film))
        var frames = 0, rest = bytes[...]
        while let found = rest.range(of: Data("ANMF".utf8)) {
            frames += 1
            rest = rest[found.upperBound...]
        }
        #expect(frames == 4)

        // The second layout has other snapshots.
        let hard = try files.folder.file("hard/tsne.csv", files.folder.text("soft/tsne.csv"))
        _ = try files.folder.file("hard/tsne.snapshots/25.csv", files.folder.text("soft/tsne.csv"))
        run = plot(files.layout, hard)
        #expect(
            run.status == .wrongInput
                && run.errors.contains("are 25; expected those next to the first layout: 0; 50; 75"))
        // The snapshot holds other samples.
        _ = try files.folder.file("soft/tsne.snapshots/50.csv", "id,x,y\na,0,0\nb,0,0\nx,0,1\nd,1,1\n")
        run = plot(files.layout)
        #expect(run.status == .wrongInput && run.errors.contains("row 3 is 'c' in the first and 'x' in the second"))
        run = CommandRun(
            "plot", files.layout, "--labels", files.shapes, "--out", out, "--film", files.folder.path("film.mp4"))
        #expect(run.status == .wrongInput && run.errors.contains("; expected .webp"))
    }

    /// Snapshots of one iteration under several names come in the order of the names, not of the folder's entries.
    @Test func snapshotsOfOneIterationHaveAnOrder() throws {
        let folder = try TemporaryFolder()
        let names = ["00005", "0005", "005", "05", "5"]
        for (place, name) in names.enumerated().reversed() {
            try folder.write("id,x,y\na,\(place),0\n", to: "map.snapshots/\(name).csv")
        }
        let read = try LayoutSnapshots.read(
            beside: folder.file("map.csv"), ids: SampleIDs(path: "map.csv", ["a"]))
        #expect(read.map(\.iteration) == [5, 5, 5, 5, 5] && read.map { $0.coordinates[0] } == [0, 1, 2, 3, 4])
    }

    @Test func predictionsBesideALayoutGiveItsNumbers() throws {
        let files = try Files()
        let rows = ["a", "b", "c", "d"].map { "\($0),test,1,0,0.75,0.25" }.joined(separator: "\n")
        _ = try files.folder.file("soft/predictions.csv", "id,split,true_p,true_q,predicted_p,predicted_q\n\(rows)\n")
        let out = files.folder.path("figure.svg")
        var run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", out)
        #expect(run.errors.isEmpty)
        #expect(try files.folder.text("figure.svg").contains("ACC 1.0000"))
        let other = try files.folder.file("soft/predictions.csv", "id,true_p,predicted_p\nz,1,1\n")
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", out)
        #expect(run.status == .done)
        #expect(
            run.errors
                == "\(files.layout) and \(other) hold different samples: row 1 is 'a' in the first and 'z' in the "
                + "second: ACC and KL are not shown\n")
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", out, "--predictions", other)
        #expect(run.status == .wrongInput)
    }

    /// Nobody named the file: whatever it is, the figure is drawn without its numbers.
    @Test(arguments: ["id,g,nr,ug\na,1,0,0\n", "not a table\n", "id,true_p,predicted_p\na,1,x\n", ""])
    func aForeignFileOfPredictionsBesideALayoutIsNoted(content: String) throws {
        let files = try Files()
        let other = try files.folder.file("soft/predictions.csv", content)
        let out = files.folder.path("figure.svg")
        let run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", out)
        #expect(run.status == .done && run.errors.hasPrefix(other), "\(run.errors)")
        #expect(run.errors.hasSuffix(": ACC and KL are not shown\n"), "\(run.errors)")
        #expect(try !files.folder.text("figure.svg").contains("ACC"))
        let page = CommandRun("explore", files.layout, "--out", files.folder.path("page.html"))
        #expect(page.status == .done && page.errors.contains(other), "\(page.errors)")
        // A file that is named is an error.
        let named = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", out, "--predictions", other)
        #expect(named.status == .wrongInput)
    }

    @Test func samplesAreJoinedByIDInAnyOrder() throws {
        let files = try Files()
        let out = files.folder.path("figure.svg")
        func figure(_ rows: [String]) throws -> String {
            let path = try files.folder.file(
                "labels.csv", "id,hue,ellipse_share\n" + rows.joined(separator: "\n") + "\n")
            let run = CommandRun("plot", files.layout, "--labels", path, "--out", out)
            #expect(run.status == .done, "\(run.errors)")
            return try files.folder.text("figure.svg")
        }
        let rows = ["a,0,0", "b,100,0", "c,200,0.5", "d,300,1"]
        #expect(try figure(rows) == figure([rows[2], rows[0], "e,9,0", rows[3], rows[1]]))
        let path = try files.folder.file("labels.csv", "id,hue,ellipse_share\na,0,0\nb,1,0\nx,2,0\nd,3,0\n")
        let run = CommandRun("plot", files.layout, "--labels", path, "--out", files.folder.path("none.png"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(path): 1 samples of \(files.layout) have no label (the first is 'c'); expected a label for each\n"
        )
        #expect(!FileManager.default.fileExists(atPath: files.folder.path("none.png")))
    }

    @Test(arguments: [
        (
            "id,p,q\na,0.5,0.6\nb,1,0\nc,1,0\nd,1,0\n",
            "<>, row 1: the shares sum to 1.1; expected 0.99 to 1.01, or 99 to 101 percent in all rows (skip other "
                + "columns with --ignore-columns)"
        ),
        (
            "id,p,q\na,1,0\nb,nan,0\nc,1,0\nd,1,0\n",
            "<>, column 'p': row 2 is empty here, though other columns hold numbers; --label-format votes reads it as "
                + "0 votes, --label-format annotators as annotators who did not label"
        ),
        (
            "id,p,q\na,1,0\nb,1.5,-0.5\nc,1,0\nd,1,0\n",
            "<>, row 2, column 'q': found -0.5; expected a whole number from 0 to 1000000, or shares from 0 to 1 in "
                + "all rows (skip other columns with --ignore-columns)"
        ),
        ("id,hue,ellipse_share\na,360,0\n", "<>, row 1, column 'hue': found 360.0; expected 0 to below 360 degrees"),
        ("id,hue,ellipse_share\na,0,nan\n", "<>, row 1, column 'ellipse_share': found nan; expected a number"),
        (
            "id,split\na,test\n",
            "<>: found no class; the columns are id, split. Name the column with --label-column, or the classes with --classes"
        ),
        (
            "x,hue\na,1\n",
            "<>: found no class; the columns are x, hue. Name the column with --label-column, or the classes with --classes"
        ),
    ])
    func wrongLabels(labels: String, message: String) throws {
        let files = try Files()
        let path = try files.folder.file("labels.csv", labels)
        let run = CommandRun("plot", files.layout, "--labels", path, "--out", files.folder.path("figure.png"))
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(message.replacing("<>", with: path))\n")
    }

    /// Columns times rows used to overflow.
    @Test func aGridHasAtMostAThousandRows() throws {
        let files = try Files()
        for grid in ["12x9223372036854775807", "1x1001", "13x1", "0x1", "1x0"] {
            let run = CommandRun(
                "plot", files.layout, "--labels", files.classes, "--out", files.folder.path("x.svg"), "--panels", grid)
            #expect(run.status == .wrongInput)
            #expect(run.errors.contains("--panels is '\(grid)'; expected columns (1 to 12) x rows (1 to 1000)"))
        }
    }

    @Test func wrongLayoutsAndOutputs() throws {
        let files = try Files()
        let layout = try files.folder.file("bad.csv", "id,x,y\na,0,0\nb,inf,0\n")
        var run = CommandRun("plot", layout, "--labels", files.shapes, "--out", files.folder.path("f.png"))
        #expect(run.errors == "Error: \(layout), row 2, column 'x': found inf; expected a finite number\n")
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", files.folder.path("f.jpg"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("; expected one of .png, .svg, .pdf"))
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", files.layout + "/f.png")
        #expect(run.status == .failed)
        run = CommandRun(
            "plot", files.layout, "--labels", files.shapes, "--out", files.folder.path("f.png"), "--names", "a", "b")
        #expect(run.errors.hasPrefix("Error: --names has 2 values; expected 1, one per layout.\n"))
        let report = try files.folder.file("soft/tsne.json", "{\"version\": \"0\"}")
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", files.folder.path("f.png"))
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(report): 'features' is missing\n")
        let features = try files.folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
        run = CommandRun("project", features, "--out", files.folder.path("p.csv"), "--max-iter", "1")
        #expect(run.status == .done)
        _ = try files.folder.file("soft/tsne.json", files.folder.text("p.json"))
        run = CommandRun("plot", files.layout, "--labels", files.shapes, "--out", files.folder.path("f.png"))
        #expect(run.errors == "Error: \(files.layout): found 4 rows; expected 40, as in \(report)\n")
    }

    @Test func oneClassAndManyClassesWork() throws {
        let files = try Files()
        for count in [1, 2, 40] {
            let rows = ["a", "b", "c", "d"].map { id in
                ([id, "1"] + Array(repeating: "0", count: count - 1)).joined(separator: ",")
            }
            let header = (["id"] + (0..<count).map { "class \($0)" }).joined(separator: ",")
            let labels = try files.folder.file("labels.csv", ([header] + rows).joined(separator: "\n"))
            let run = CommandRun(
                "plot", files.layout, "--labels", labels, "--out", files.folder.path("f.png"), "--dpi", "72")
            #expect(run.status == .done, "\(run.errors)")
        }
    }
}
