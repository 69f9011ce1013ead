import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands

/// Other programs' label files for a map: joined by id, reported, and grey where a label is missing.
@Suite struct PlotLabelsTests {
    private let folder: TemporaryFolder
    private let map: String

    init() throws {
        folder = try TemporaryFolder()
        map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
    }

    private func plot(_ labels: String?, _ arguments: String..., name: String = "labels.csv") throws -> CommandRun {
        let files = try labels.map { ["--labels", try folder.file(name, $0)] } ?? []
        return CommandRun(arguments: ["plot", map, "--out", folder.path("f.svg")] + files + arguments)
    }

    private func texts() throws -> [String] {
        let svg = try folder.text("f.svg")
        return svg.matches(of: /aria-label="([^"]*)"/).map { String($0.output.1) }
    }

    private func said(_ run: CommandRun) -> String { run.errors.replacing(folder.url.path + "/", with: "") }

    @Test func withoutLabels() throws {
        let run = try plot(nil)
        #expect(run.status == .done && run.errors.isEmpty, "\(run.errors)")
        #expect(try texts() == ["N = 4."])
        let mixture = try plot(nil, "--color", "mixture")
        #expect(mixture.status == .wrongInput && mixture.errors.contains("name their file with --labels"))
        let array = CommandRun("plot", folder.path("soft.npy"), "--out", folder.path("f.svg"))
        #expect(array.status == .wrongInput && array.errors.contains("make one with 'penumbra project'"))
    }

    @Test func optionsForLabelsNeedAFileOfLabels() throws {
        let table = try folder.file("more.csv", "name,size\na,1\nb,2\nc,3\nd,4\n")
        for command in ["plot", "explore"] {
            func run(_ arguments: String...) -> CommandRun {
                let out = folder.path(command == "plot" ? "f.svg" : "f.html")
                return CommandRun(arguments: [command, map, "--out", out] + arguments)
            }
            #expect(
                run("--label-format", "votes", "--strict").errors
                    == "Error: \(map): --label-format, --strict: how to read a file of labels, but none is named; name it with "
                    + "--labels, or leave the options out\n")
            // These are for the other table too.
            let further =
                ["--columns", table, "--id-column", "name"] + (command == "plot" ? ["--color", "size"] : [])
            let used = CommandRun(
                arguments: [command, map, "--out", folder.path("\(command)-f.\(command == "plot" ? "svg" : "html")")]
                    + further)
            #expect(used.status == .done, "\(used.errors)")
            #expect(run("--columns", table, "--classes", "p", "q").status == .wrongInput)
        }
    }

    @Test func figureRefusesTheSame() throws {
        let features = try folder.file("x.csv", "id,f0,f1\na,1,2\nb,3,4\nc,5,6\nd,7,9\n")
        _ = try folder.file("x-samples.csv", "id,p,q\na,1,0\nb,0,1\nc,1,0\nd,0,1\n")
        let run = CommandRun("figure", features, "--out", folder.path("x.svg"), "--classes", "q", "p")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.contains("--classes: how to read a file of labels, but none is named; name it with --labels"))
        let votes = CommandRun("figure", features, "--out", folder.path("x.svg"), "--votes", map)
        #expect(votes.status == .wrongInput && votes.errors.contains("--votes: for a data set, but none is named"))
        let measured = CommandRun("evaluate", features, "--votes", map)
        #expect(measured.status == .wrongInput && measured.errors.contains("--votes: for a data set"))
    }

    @Test func oneClassPerSampleInAnyOrder() throws {
        let run = try plot("id,label\nd,dog\nb,cat\na,cat\nc,dog\n")
        #expect(
            said(run) == "labels.csv: one class per row, in column 'label'; ids in 'id'; 2 classes: cat, dog\n",
            "\(run.errors)")
        for text in ["label", "cat", "dog"] { #expect(try texts().contains(text)) }
    }

    @Test func integersAreCategoriesUnlessContinuous() throws {
        let labels = "id,cluster\na,0\nb,10\nc,2\nd,2\n"
        #expect(try plot(labels).status == .done)
        var drawn = try texts()
        for text in ["cluster", "0", "2", "10"] { #expect(drawn.contains(text), "\(drawn)") }
        #expect(try plot(labels, "--continuous").status == .done)
        drawn = try texts()
        #expect(drawn.contains("cluster") && !drawn.contains("2"), "\(drawn)")
        let error = said(try plot("id,label\na,x\nb,y\nc,x\nd,x\n", "--continuous"))
        #expect(error.hasSuffix("--continuous requires classes that are numbers; 'label' holds 'x'\n"), "\(error)")
    }

    @Test(arguments: ["id,label\na,x\nb,y\n", "id,p,q\na,3,1\nb,0,4\nz,1,1\n"])
    func samplesWithoutALabelAreGreyAndNamed(labels: String) throws {
        let run = try plot(labels)
        #expect(said(run).contains("labels.csv: 2 samples of 4 in map.csv without a row ('c', 'd')\n"), "\(run.errors)")
        #expect(try texts().contains("N = 4. Grey: 2 without a label."))
        let strict = try plot(labels, "--strict", "--cluster-labels")
        #expect(strict.status == .wrongInput && said(strict).contains("2 samples of map.csv have no label ('c', 'd')"))
        #expect(try plot(labels, "--cluster-labels", "--contours", "classes").status == .done)
        #expect(try plot(labels, "--color", "entropy").status == .done)
    }

    @Test func otherSpellingsAreNamed() throws {
        let run = try plot("id,label\na.png,x\nb.png,y\n")
        #expect(run.status == .wrongInput)
        #expect(
            said(run)
                == "Error: labels.csv: none of its ids ('a.png', 'b.png') is in map.csv ('a', 'b', 'c' …); 'a.png' and 'a' "
                + "differ only in the extension; spell both the same way\n")
    }

    @Test func gapsInAColumnAreGrey() throws {
        let columns = try folder.file("ages.csv", "id,age\nb,NA\na,1.5\nc,–\nd,3.5\n")
        let run = try plot(nil, "--columns", columns, "--color", "age")
        #expect(run.status == .done, "\(run.errors)")
        for text in ["age", "2", "3", "no value"] { #expect(try texts().contains(text)) }
        // A file without labels is fine if only a column is drawn.
        #expect(try plot("id,age\na,0.5\nb,None\nc,2.5\nd,N/A\n", "--color", "age").status == .done)
        #expect(try texts().contains("no value"))
    }

    /// The table that `--columns` names is used for a column that the labels hold too, and `--id-column` is for it as well.
    @Test func theTableOfColumnsComesBeforeTheLabels() throws {
        let columns = try folder.file("more.csv", "nr,key,v\n1,d,high\n2,c,low\n3,b,low\n4,a,high\n")
        let labels = "key,label,v\na,x,1.5\nb,y,2.5\nc,x,3.5\nd,y,4.5\n"
        let run = try plot(labels, "--columns", columns, "--color", "v", "--id-column", "key")
        #expect(run.status == .done, "\(run.errors)")
        #expect(said(run).contains("more.csv: used for v, which labels.csv holds too\n"), "\(run.errors)")
        #expect(try texts().contains("high") && texts().contains("low"))
        let alone = try plot(nil, "--columns", columns, "--color", "v", "--id-column", "nr")
        #expect(alone.status == .wrongInput && said(alone).contains("more.csv: none of its ids ('1', '2', '3' …)"))
        #expect(try plot(nil, "--columns", columns, "--color", "v", "--id-column", "key").status == .done)
    }

    @Test func theJSONSaysWhatWasTakenAsWhat() throws {
        let run = try plot("image;cat;dog\na;33,3;66,7\nb;50;50\nc;50;50\nd;0;100\n", "--json")
        #expect(run.status == .done, "\(run.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let labels = try #require(object?["labels"] as? [String: Any])
        #expect(labels["form"] as? String == "distribution" && labels["id_column"] as? String == "image")
        #expect(
            labels["remarks"] as? [String] == ["separated by semicolons", "decimal commas", "percent, divided by 100"])
    }
}
