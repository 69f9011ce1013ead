import Foundation
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Options for titles, captions, legends and colours.
@Suite struct PlotFormTests {
    private let folder: TemporaryFolder
    private let layout: String
    private let labels: String

    init() throws {
        folder = try TemporaryFolder()
        layout = try folder.file("tsne.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\n")
        labels = try folder.file("labels.csv", "id,p,q\na,1,0\nb,0,1\nc,1,0\n")
    }

    private func plot(_ arguments: [String]) -> CommandRun {
        CommandRun(
            arguments: ["plot", layout, "--labels", labels, "--out", folder.path("f.svg")] + arguments)
    }

    private func texts(_ arguments: String...) throws -> [String] {
        let run = plot(arguments)
        #expect(run.status == .done, "\(run.errors)")
        return try folder.text("f.svg").matches(of: /aria-label="([^"]*)"/).map { String($0.output.1) }
    }

    @Test func titlesCaptionsAndUnits() throws {
        #expect(try texts() == ["N = 3.", "p", "q"])
        #expect(try texts("--units", "cells") == ["N = 3 cells.", "p", "q"])
        #expect(try texts("--no-caption", "--title", "A <b>") == ["A &lt;b&gt;", "p", "q"])
        #expect(try folder.text("f.svg").contains("<title>A &lt;b&gt;</title>"))
        #expect(try texts("--caption", "Mine", "--legend", "none") == ["Mine"])
    }

    @Test func tSNEsCostIsNotCalledKL() throws {
        let rows = (0..<12).map { "s\($0),\($0 % 4),\($0 / 4)" }.joined(separator: "\n")
        _ = try folder.file("features.csv", "id,f,g\n\(rows)\n")
        let map = folder.path("map.csv")
        let projected = CommandRun(
            "project", folder.path("features.csv"), "--out", map, "--perplexity", "3", "--max-iter", "20",
            "--threads",
            "1")
        #expect(projected.status == .done, "\(projected.errors)")
        let run = CommandRun("plot", map, "--out", folder.path("f.svg"))
        #expect(run.status == .done, "\(run.errors)")
        let svg = try folder.text("f.svg")
        #expect(svg.contains("N = 12 samples. t-SNE, perplexity 3, 20 iterations, final cost "))
        #expect(!svg.contains("KL"))
    }

    @Test func widthsFontsAndLegends() throws {
        _ = try texts("--width", "90mm")
        #expect(try folder.text("f.svg").contains("width=\"255.12pt\""))
        let plain = try folder.text("f.svg")
        _ = try texts("--width", "90mm", "--font-size", "9")
        #expect(try folder.text("f.svg") != plain)
        _ = try texts("--width", "90mm", "--legend", "right")
        #expect(try folder.text("f.svg") != plain)
    }

    @Test func palettesColourClasses() throws {
        let list = try folder.file("list.json", ##"["#123456", "#abcdef"]"##)
        let named = try folder.file("named.json", ##"{"q": "#fedcba"}"##)
        for (palette, colours) in [
            ("tab10", ["#1f77b4", "#ff7f0e"]), ("tab20", ["#1f77b4", "#aec7e8"]),
            ("okabe-ito", ["#d55e00", "#0072b2"]),
            (list, ["#123456", "#abcdef"]), (named, ["#fedcba"]),
        ] {
            _ = try texts("--palette", palette)
            let svg = try folder.text("f.svg")
            for colour in colours { #expect(svg.contains("fill=\"\(colour)\""), "\(palette)") }
        }
    }

    @Test func textIsTextUnlessPathsAreAskedFor() throws {
        _ = try texts("--title", "Mine  <&>")
        var svg = try folder.text("f.svg")
        #expect(svg.contains(">Mine  &lt;&amp;&gt;</tspan>") && !svg.contains("aria-label=\"p\" d="))
        #expect(try texts("--svg-text", "paths", "--title", "Mine").contains("Mine"))
        svg = try folder.text("f.svg")
        #expect(!svg.contains("<text") && svg.contains("<path role=\"img\" aria-label=\"Mine\""))
    }

    @Test func pointsAreOneLayerOfPixels() throws {
        _ = try texts()
        #expect(try folder.text("f.svg").contains("<circle"))
        _ = try texts("--raster-points")
        let svg = try folder.text("f.svg")
        #expect(!svg.contains("<circle") && svg.contains("<image"))
    }

    @Test(arguments: [["a", "c"], ["p=1"]]) func othersThanTheHighlightedAreGrey(wanted: [String])
        throws
    {
        _ = try texts()
        let plain = try folder.text("f.svg")
        _ = plot(["--highlight"] + wanted)
        let svg = try folder.text("f.svg")
        // The only point of the second class turns grey. Its legend swatch is a path, so it does not match.
        #expect(
            plain.contains(/<circle[^>]*fill="#0072b2"/) && !svg.contains(/<circle[^>]*fill="#0072b2"/))
        #expect(svg.matches(of: /<circle[^>]*fill="#d55e00"/).count == 2)
        let said = wanted.count == 1 ? "p=1 (2)" : "2"
        #expect(svg.contains("In colour: \(said); grey: the others."))
    }

    /// A lone map's name is the title, unless `--title` is given.
    @Test func aLoneMapsNameIsShown() throws {
        #expect(try !texts().contains("Mine"))
        #expect(try texts("--names", "Mine").contains("Mine"))
        let both = try texts("--names", "Mine", "--title", "Other")
        #expect(both.contains("Other") && !both.contains("Mine"))
    }

    @Test(arguments: [
        (
            ["x", "a", "y'"],
            "tsne.csv: --highlight: no sample has the id 'x', 'y''; expected ids of this file, or one column=value\n"
        ),
        (["p=7"], "tsne.csv: --highlight: no sample has '7' in the column 'p'\n"),
        (["site=head"], "site"),
    ])
    func unknownHighlightsAreNamed(wanted: [String], problem: String) {
        let run = plot(["--highlight"] + wanted)
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains(problem), "\(run.errors)")
    }

    @Test(arguments: [
        (
            ["--caption", "a", "--no-caption"],
            "--caption and --no-caption cannot be combined; give one of them."
        ),
        (
            ["--width", "1in"],
            "expected column, text, page, or a length such as 90mm or 3.5in, from 2in to 24in."
        ),
        (
            ["--width", "90cm"],
            "expected column, text, page, or a length such as 90mm or 3.5in, from 2in to 24in."
        ),
        (["--font-size", "3"], "expected 4 to 24."),
        (["--legend", "left"], "'right', 'below' or 'none'"),
        (["--units", "dogs"], "'images', 'cells' or 'samples'"),
        (["--color-range", "2:1"], "expected two finite numbers, the lower first, such as 0:1.5."),
        (["--color", "mixture", "--color-range", "0:1"], "--color is mixture, which has no such scale."),
        (["--color", "entropy", "--color-period", "1"], "--color is entropy, which is no circle."),
        (["--color-range", "0:nan"], "expected two finite numbers, the lower first, such as 0:1.5."),
        (
            ["--palette", "viridis"],
            "Error: --palette is 'viridis'; expected okabe-ito, tab10, tab20, glasbey, or an existing JSON file of "
                + "colours\n"
        ),
    ])
    func badOptionsSayWhatIsExpected(arguments: [String], text: String) {
        let run = plot(arguments)
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains(text), "\(run.errors)")
    }

    @Test(arguments: [
        (##"["#D55E00", "orange"]"##, "colour 2: expected a colour such as \"#D55E00\""),
        (##"{"q": 3}"##, "q: expected a colour such as \"#D55E00\""),
        ("[]", "found 0 colours; expected 1 to 10000"),
        ("3", "expected a list of colours, or an object with a colour for each class"),
        ("{", "not JSON"),
    ])
    func badPaletteFilesSayWhere(text: String, problem: String) throws {
        let file = try folder.file("p.json", text)
        let run = plot(["--palette", file])
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(file): \(problem)\n")
    }
}
