import Figures
import Foundation
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Options that would change nothing in a figure are errors that say what they need, or remarks.
@Suite struct PlotIdleOptionsTests {
    private let folder: TemporaryFolder
    private let map: String
    /// The files that the arguments name in angle brackets.
    private let files: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
        files = [
            "soft": try folder.file("soft.csv", "id,p,q\na,1,0\nb,0.5,0.5\nc,0,1\nd,0,1\n"),
            "hard": try folder.file("hard.csv", "id,label\na,cat\nb,dog\nc,cat\nd,dog\n"),
            "numbers": try folder.file("numbers.csv", "id,cluster\na,0\nb,8\nc,2\nd,2\n"),
            "target": try folder.file("target.csv", "id,label\na,0.5\nb,1.25\nc,2\nd,2.5\n"),
            "objects": try folder.file("objects.csv", "id,hue,ellipse_share\na,0,0\nb,90,0\nc,180,1\nd,270,1\n"),
            "more": try folder.file("more.csv", "id,site,age\na,head,20\nb,leg,40\nc,head,60\nd,leg,\n"),
        ]
    }

    private func plot(_ text: String, _ arguments: String...) -> CommandRun {
        let words = text.split(separator: " ").map { word in
            word.hasPrefix("<") ? files[String(word.dropFirst().dropLast())]! : String(word)
        }
        return CommandRun(arguments: ["plot", map, "--out", folder.path("f.svg")] + words + arguments)
    }

    private func texts() throws -> [String] {
        try folder.text("f.svg").matches(of: /aria-label="([^"]*)"/).map { String($0.output.1) }
    }

    private func said(_ run: CommandRun) -> String { run.errors.replacing(folder.url.path + "/", with: "") }

    @Test(arguments: [
        ("", "map.csv: --continuous is for labels with one class per sample; name their file with --labels"),
        (
            "--labels <soft>",
            "soft.csv: --continuous is for labels with one class per sample; these labels have several, whose colours are "
                + "mixed"
        ),
        (
            "--labels <objects>",
            "objects.csv: --continuous is for labels with one class per sample; these objects are drawn in their own colours"
        ),
        (
            "--labels <numbers> --color entropy",
            "numbers.csv: --continuous is for labels with one class per sample, as colours; --color is entropy, which is "
                + "drawn on a scale without it"
        ),
        (
            "--labels <numbers> --columns <more> --color age",
            "numbers.csv: --continuous is for labels with one class per sample, as colours; --color is 'age', another column "
                + "(numbers are drawn on a scale without it)"
        ),
    ])
    func continuousNeedsClassesAsColours(arguments: String, message: String) {
        let run = plot(arguments, "--continuous")
        #expect(run.status == .wrongInput && said(run).hasSuffix("Error: \(message)\n"), "\(run.errors)")
    }

    @Test(
        arguments: ["--color-range 0:1", "--color-period 8"],
        [
            ("", "map.csv: @ is for a column of numbers; name one with --color"),
            ("--labels <soft>", "soft.csv: @ is for a column of numbers; name one with --color"),
            ("--labels <objects>", "objects.csv: @ is for a column of numbers; name one with --color"),
            (
                "--labels <hard>",
                "hard.csv: @ is for numbers, but classes are drawn as categories; add --continuous if they are numbers"
            ),
            (
                "--labels <numbers> --color cluster",
                "numbers.csv: @ is for numbers, but classes are drawn as categories; add --continuous if they are numbers"
            ),
            ("--columns <more> --color site", "map.csv: @ is for a column of numbers; 'site' holds text"),
        ])
    func scalesNeedNumbers(option: String, _ refused: (arguments: String, message: String)) {
        let run = plot("\(refused.arguments) \(option)")
        let message = refused.message.replacing("@", with: option.prefix { $0 != " " })
        #expect(run.status == .wrongInput && said(run).hasSuffix("Error: \(message)\n"), "\(run.errors)")
    }

    /// A period used to be ignored for classes that are numbers, and a range for the hue of objects.
    @Test func scalesAreForAllNumbers() throws {
        func fills() throws -> [String] {
            try folder.text("f.svg").matches(of: /<circle[^>]*fill="([^"]*)"/).map { String($0.output.1) }
        }
        #expect(plot("--labels <numbers> --continuous --color-period 8").status == .done)
        // 0 and 8 share a colour, and so do both 2.
        #expect(try fills().count == 4 && Set(fills()).count == 2)
        #expect(plot("--labels <objects> --color hue").status == .done)
        let circle = try folder.text("f.svg")
        #expect(plot("--labels <objects> --color hue --color-range 0:180").status == .done)
        #expect(try folder.text("f.svg") != circle && texts().contains("150"))
    }

    @Test(arguments: ["", "--labels <soft>", "--labels <soft> --color p", "--labels <soft> --color entropy"])
    func aTableOfColumnsIsForSomething(arguments: String) throws {
        let run = plot("\(arguments) --columns <more>")
        #expect(run.status == .wrongInput, "\(run.errors)")
        #expect(
            said(run)
                == "Error: more.csv: --columns: nothing is drawn from this table; name one of its columns (site, age) with "
                + "--color, --glyph, --facet or --highlight\n")
        for used in ["--color age", "--facet site", "--highlight site=head"] {
            let run = plot("--labels <soft> --columns <more> \(used)")
            #expect(run.status == .done, "\(run.errors)")
        }
        let missing = plot("--columns <more> --color agee")
        #expect(missing.errors.contains("no column 'agee'"), "\(missing.errors)")
    }

    @Test func legendsThatAreNotThere() {
        let remark = "--legend has no effect, because the figure has no legend\n"
        for place in ["below", "right"] {
            let run = plot("--legend \(place)")
            #expect(run.status == .done && run.errors == remark)
        }
        #expect(plot("--legend none").errors.isEmpty)
        #expect(!plot("--labels <soft> --legend below").errors.contains("--legend"))
    }

    /// The advice to name the column of classes used to lead back to the same error.
    @Test(arguments: [
        ("", ""), ("--continuous", ", without --continuous"),
        ("--label-column label --continuous", ", without --label-column, --continuous"),
        ("--color label --label-column label", ", without --label-column"),
    ])
    func numbersThatAreNotClasses(arguments: String, without: String) throws {
        let run = plot("--labels <target> \(arguments)")
        #expect(run.status == .wrongInput)
        #expect(
            said(run)
                == "Error: target.csv, row 1, column 'label': found 0.5; expected the name or whole number of a class; name "
                + "the column of classes with --label-column, or draw these numbers with --color label\(without)\n")
        #expect(plot("--labels <target> --color label").status == .done)
        #expect(try texts().contains("label"))
    }

    @Test func valuesOutsideTheRangeAreCounted() throws {
        let sentence = "the colours span 30 to 50; 2 values lie outside and have the colours of the ends"
        var run = plot("--columns <more> --color age --color-range 30:50")
        #expect(run.status == .done && run.errors.isEmpty, "\(run.errors)")
        #expect(try texts().contains("N = 4. The \(sentence.dropFirst(4))."))
        run = plot("--columns <more> --color age --color-range 30:50 --no-caption")
        #expect(run.errors == "--color-range: \(sentence)\n")
        #expect(plot("--columns <more> --color age --color-range 30:70").status == .done)
        #expect(
            try texts().contains("N = 4. The colours span 30 to 70; 1 value lies outside and has the colour of an end.")
        )
        #expect(plot("--columns <more> --color age --color-range 20:60").status == .done)
        #expect(try texts().contains("N = 4."))
    }

    /// The key calls grey "no value" here, so the caption does not call it only "the others".
    @Test func greyMayAlsoMeanNoValue() throws {
        #expect(plot("--columns <more> --facet site --color age").status == .done)
        #expect(try texts().contains("N = 4. Each panel shows one value of site; grey: the others, or no value."))
        #expect(plot("--columns <more> --color age --highlight a").status == .done)
        #expect(try texts().contains("N = 4. In colour: 1; grey: the others, or no value."))
    }

    @Test(
        arguments: [
            (["猫", "ひ", "カ", "한", "。", "Ａ"], "one, such as fonts-noto-cjk"),
            (["\u{F8FE2}", "አ"], "one, such as fonts-noto-core"),
            (["猫", "አ"], "fonts for them, such as fonts-noto-cjk and fonts-noto-core"),
        ] as [([Character], String)])
    func fontsThatHaveTheCharacters(characters: [Character], advice: String) {
        #expect(Figure.fonts(for: characters) == advice)
    }
}
