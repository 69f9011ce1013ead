import Foundation
import ImageDatasets
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// A run's record uses relative paths, so a run can be moved with or without its data set.
@Suite struct MovedRunTests {
    @Test(arguments: [
        ("run/split-1/hard/tsne.csv", "split-1/hard/tsne.csv"), ("run", "."), ("images/Shapes", "../images/Shapes"),
        ("runner/x", "../runner/x"),
    ])
    func namesAreRelative(path: String, name: String) throws {
        let folder = try TemporaryFolder()
        let run = RunFolder(url: folder.file("run"))
        try run.create()
        #expect(run.name(of: folder.file(path)) == name)
        #expect(run.file(named: name).standardizedFileURL.path == folder.file(path).standardizedFileURL.path)
    }

    @Test func aNameThroughALinkLeadsBack() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("far/away"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.file("run"), withDestinationURL: folder.file("far/away"))
        let run = RunFolder(url: folder.file("run"))
        let name = run.name(of: folder.file("images"))
        #expect(name == "../../images")
        #expect(run.file(named: name).path == folder.file("images").resolvingSymlinksInPath().path)
    }

    @Test func whatAnOlderProgramRecordedIsRead() throws {
        let run = RunFolder(url: URL(fileURLWithPath: "/somewhere/run"))
        #expect(run.file(named: "/data/images").path == "/data/images")
        #expect(run.file(recordedAs: URL(fileURLWithPath: "/data/votes.csv")).path == "/data/votes.csv")
        #expect(
            run.file(recordedAs: run.recordedURL(of: URL(fileURLWithPath: "/somewhere/my votes.csv"))).path
                == "/somewhere/my votes.csv")
    }

    private func train(_ folder: TemporaryFolder) throws {
        #expect(
            CommandRun(
                "generate", "shapes", "--out", folder.path("here/data"), "--count", "40", "--size", "32", "--quiet"
            ).status == .done)
        let run = CommandRun(
            "train", folder.path("here/data/Shapes"), "--out", folder.path("here/run"), "--labels", "soft", "--epochs",
            "1", "--image-size", "32", "--batch-size", "8", "--backbone", "resnet20_cifar", "--quiet")
        #expect(run.status == .done, "\(run.errors)")
    }

    @Test func aRunMovesWithItsData() throws {
        let folder = try TemporaryFolder()
        try train(folder)
        let text = try folder.text("here/run/run.json")
        #expect(!text.contains(folder.url.path))
        #expect(text.contains("penumbra train ../data/Shapes --out . "))
        try FileManager.default.moveItem(at: folder.file("here"), to: folder.file("there"))
        let moved = CommandRun("evaluate", folder.path("there/run"), "--quiet")
        #expect(moved.status == .done, "\(moved.errors)")
        try FileManager.default.removeItem(at: folder.file("there/run/split-1/soft/predictions.csv"))

        try FileManager.default.moveItem(at: folder.file("there/data"), to: folder.file("data"))
        let alone = CommandRun("evaluate", folder.path("there/run"), "--quiet")
        #expect(alone.status == .wrongInput)
        let place = folder.file("there/data/Shapes").resolvingSymlinksInPath().path
        #expect(
            alone.errors == "Error: \(folder.path("there/run/split-1/soft")): its data set is not at \(place), where "
                + "run.json says it is; name the folder with --data\n")
        let named = CommandRun("evaluate", folder.path("there/run"), "--data", folder.path("data/Shapes"), "--quiet")
        #expect(named.status == .done, "\(named.errors)")

        // Another data set in the same place is not mistaken for the old one.
        try FileManager.default.removeItem(at: folder.file("there/run/split-1/soft/predictions.csv"))
        _ = CommandRun(
            "generate", "shapes", "--out", folder.path("there/data"), "--count", "40", "--size", "32", "--seed", "9",
            "--quiet")
        let other = CommandRun("evaluate", folder.path("there/run"), "--quiet")
        #expect(other.status == .wrongInput)
        #expect(
            other.errors.contains("is not the data set that it was trained on (found fingerprint "), "\(other.errors)")
    }

    @Test func aRecordSaysWhatMadeIt() throws {
        let folder = try TemporaryFolder()
        try train(folder)
        let run = RunFolder(url: folder.file("here/run"))
        let made = try #require(try run.readManifest().stages["split-1/soft/train"]?.provenance)
        #expect(made.version == PenumbraVersion.current)
        #expect(made.bytesDependOn == [.libraries, .processor, .threads])
        #expect(made.libraries["OpenBLAS"]?.hasPrefix("0.") == true)
        #expect(made.threads > 0 && made.started <= made.finished)
        #expect(try folder.text("here/run/run.json").contains("\"format\" : 2"))
    }

    @Test func aRecordOfANewerProgramIsRefused() throws {
        let folder = try TemporaryFolder()
        let run = RunFolder(url: folder.file("run"))
        try run.create()
        try Data(#"{"format": 9, "version": "9.0.0", "stages": {"x": 1}}"#.utf8).write(to: run.manifest)
        let problem = errorProblem {
            try run.readManifest()
        } where: { error in
            "\(error)"
                == "\(run.manifest.path): a run record of format 9, written by a newer version; this one reads up to "
                + "2: use the version that wrote it, or a later one"
        }
        #expect(problem == nil)
        try Data(#"{"format": 0, "version": "0.1.0", "stages": {}}"#.utf8).write(to: run.manifest)
        #expect(throws: InputError.self) { try run.readManifest() }
        // Older programs wrote no `format` key.
        try Data(#"{"version": "0.1.0", "stages": {}}"#.utf8).write(to: run.manifest)
        #expect(try run.readManifest().stages.isEmpty)
    }
}
