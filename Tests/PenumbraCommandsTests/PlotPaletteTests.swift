import Foundation
import TestSupport
import Testing

@testable import PenumbraCommands

/// Palettes whose names are not those of the classes.
@Suite struct PlotPaletteTests {
    private let folder: TemporaryFolder
    private let common: [String]

    init() throws {
        folder = try TemporaryFolder()
        let map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\n")
        let labels = try folder.file("labels.csv", "id,site,p,q\na,head,1,0\nb,leg,0,1\nc,,1,0\n")
        common = ["plot", map, "--labels", labels, "--classes", "p", "q", "--out", folder.path("f.svg")]
    }

    private func plot(palette: String, _ arguments: String...) throws -> CommandRun {
        let file = try folder.file("palette.json", palette)
        return CommandRun(arguments: common + ["--palette", file] + arguments)
    }

    private func said(_ run: CommandRun) -> String { run.errors.replacing(folder.url.path + "/", with: "") }

    /// A palette with names in capitals used to be drawn as if there were none.
    @Test func aPaletteWithoutAnyOfTheClasses() throws {
        var run = try plot(palette: ##"{"P": "#123456", "Q": "#654321"}"##)
        #expect(run.status == .wrongInput)
        #expect(
            said(run).hasSuffix(
                "Error: palette.json: the palette names P, Q, none of which is a class; expected one of p, q\n"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("f.svg")))
        run = try plot(palette: ##"{"p": "#123456"}"##, "--color", "site")
        #expect(
            said(run).hasSuffix(
                "Error: palette.json: the palette names p, which is not a class; expected one of head, leg\n"))
        run = CommandRun(
            "plot", common[1], "--out", folder.path("f.svg"), "--palette", folder.path("palette.json"))
        #expect(
            said(run)
                == "Error: palette.json: the palette names p, which is not a class; the figure shows no classes; name a file of "
                + "them with --labels\n")
    }

    /// Palettes are shared between data sets.
    @Test func aPaletteWithFurtherNames() throws {
        let remark = "palette.json: names Q, r, which the figure does not show\n"
        var run = try plot(palette: ##"{"p": "#123456", "Q": "#654321", "r": "#777777"}"##)
        #expect(run.status == .done && said(run).hasSuffix(remark), "\(run.errors)")
        #expect(try folder.text("f.svg").contains("#123456"))
        for palette in [##"{"q": "#123456"}"##, ##"["#123456", "#654321", "#777777"]"##] {
            run = try plot(palette: palette)
            #expect(run.status == .done && !run.errors.contains("palette.json"), "\(run.errors)")
        }
        run = try plot(palette: ##"{"leg": "#123456"}"##, "--color", "site")
        #expect(run.status == .done && !run.errors.contains("palette.json"), "\(run.errors)")
    }

    /// The defaults of a style are for many figures, so its palette is never an error.
    @Test func thePaletteOfAStyle() throws {
        let style = try folder.file("style.json", ##"{"palette": {"P": "#123456"}}"##)
        let run = CommandRun(arguments: common + ["--style", style])
        #expect(run.status == .done)
        #expect(
            said(run).hasSuffix(
                "style.json: the palette names P, which is not a class; expected one of p, q\n"), "\(run.errors)")
    }
}
