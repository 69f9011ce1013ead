import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Refusing oversized files, and making tables safe for spreadsheets.
@Suite struct FileOptionsTests {
    /// 100 MB of zeros compress to 100 KB.
    @Test func anArrayThatInflatesTooFarIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("bomb.npz")
        let zeros = [UInt8](repeating: 0, count: 100_000_000)
        try NPZFixture.write(
            [("x", NPZFixture.array(descr: "<f4", shape: "(25000000, 1)", data: zeros))], to: path)
        let file = try NPZFile(URL(fileURLWithPath: path))
        let error = thrown(ZIPError.self) { try file.numbers(of: file.members[0]) }
        guard case .inflatesTooFar(path, "x.npy", let size, let compressed, let most) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(size > 100_000_000 && compressed < 200_000 && most == 64 << 20)
        let run = CommandRun("project", path, "--out", folder.path("a.csv"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "\(compressed) compressed bytes inflate to \(size); expected at most 67108864 (--max-file-size \(size) "
                    + "reads it)\n"), "\(run.errors)")
        var limits = FileLimits()
        limits.allowed = size
        let numbers = try FileLimits.$current.withValue(limits) { try file.numbers(of: file.members[0]) }
        #expect(numbers.values.count == 25_000_000)
    }

    @Test func theLimitIsSaidOnTheCommandLine() throws {
        let folder = try TemporaryFolder()
        let layout = try folder.file("m.csv", "id,x,y\na,0,0\nb,1,0\n")
        let labels = try folder.file("l.csv", "id,a,b\na,0,1\nb,1,0\n")
        let style = try folder.file("style.json", "{\"dpi\": 72  }")
        func plot(_ limit: String...) -> CommandRun {
            CommandRun(
                arguments: [
                    "plot", layout, "--labels", labels, "--style", style, "--out", folder.path("m.png"),
                ] + limit)
        }
        let small = plot("--max-file-size", "12")
        #expect(small.status == .wrongInput)
        #expect(
            small.errors == "Error: \(style): found 13 bytes; expected at most 12 (--max-file-size 13 reads it)\n")
        #expect(plot("--max-file-size", "13").status == .done)
        #expect(plot("--max-file-size", "1K").status == .done)
        for wrong in ["0", "-1", "x", "K", "9223372036854775807G", ""] {
            #expect(plot("--max-file-size=\(wrong)").status == .wrongInput)
        }
        #expect(ByteCount(argument: "3G")?.bytes == 3 << 30 && ByteCount(argument: "2m")?.bytes == 2 << 20)
    }

    @Test func textsThatLookLikeFormulasAreGuardedOnlyWhereAsked() throws {
        let folder = try TemporaryFolder()
        let ids = ["=1+2", "+a", "-b", "@c", "d", "e=f"]
        let rows = ids.enumerated().map { "\($1),\($0),\($0 * $0),\(-$0)" }
        let features = try folder.file("f.csv", "id,f0,f1,f2\n" + rows.joined(separator: "\n") + "\n")
        func project(_ more: String...) throws -> [String] {
            let run = CommandRun(
                arguments: [
                    "project", features, "--out", folder.path("m.csv"), "--perplexity", "1.5", "--max-iter", "5",
                ] + more)
            #expect(run.status == .done, "\(run.errors)")
            return try folder.text("m.csv").split(separator: "\n").dropFirst().map {
                String($0.prefix { $0 != "," })
            }
        }
        #expect(try project() == ids)
        #expect(try project("--safe-csv") == ["\"'=1+2\"", "\"'+a\"", "\"'-b\"", "\"'@c\"", "d", "e=f"])
        // Numbers are never guarded: spreadsheets must still read them as numbers.
        #expect(try folder.text("m.csv").contains(",-") == true)
    }

    /// The peak memory of a command in bytes. A short run may end before the peak is sampled, so the maximum of several runs
    /// counts.
    private static func peak(_ words: String, in folder: TemporaryFolder, runs: Int = 1) throws -> Int {
        let peaks = try (0..<runs).map { _ in
            let run = try ShellRun(
                "$penumbra \(words) 2>/dev/null & p=$!\n"
                    + "while grep VmHWM /proc/$p/status; do sleep 0.01; done 2>/dev/null | tail -n 1", in: folder)
            return try #require(Int(run.output.split { !$0.isNumber }.first ?? "")) << 10
        }
        return peaks.max() ?? 0
    }

    /// A large table may need at most four times its size on top of what a small table needs.
    @Test(arguments: ["commas", "ones"]) func aTableTakesLittleMoreMemoryThanItsFile(name: String) throws {
        let folder = try TemporaryFolder()
        let count = 8_000_000
        let text = name == "commas" ? "," : "1\n"
        func bytes(_ count: Int) -> [UInt8] {
            // There is no feature column, so the command ends as soon as the table is read.
            let start = name == "commas" ? Array("id,a\n".utf8) : Array("id\n".utf8)
            let row = name == "commas" ? Array(",\n".utf8) : Array(text.utf8)
            return start + Array(repeatElement(row, count: count / 2).joined())
        }
        _ = try folder.file("m.csv", holding: bytes(1000))
        let small = try Self.peak("project m.csv --out o.csv", in: folder, runs: 8)
        _ = try folder.file("m.csv", holding: bytes(count))
        let large = try Self.peak("project m.csv --out o.csv", in: folder)
        #expect(large - small < 4 * count, "\(small) \(large)")
    }

    /// A million ids of seven digits, none of which the features have.
    @Test func idsTakeLittleMoreMemoryThanTheirFile() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("f.csv", "id,f0,f1\na,1,2\nb,3,4\nc,5,7\n")
        _ = try folder.file("ids.csv", "id\na\nb\nd\n")
        let words = "project f.csv --ids ids.csv --out o.csv"
        let small = try Self.peak(words, in: folder, runs: 8)
        let text = "id\n" + (1_000_000..<2_000_000).map { "\($0)\n" }.joined()
        _ = try folder.file("ids.csv", text)
        let large = try Self.peak(words, in: folder)
        #expect(large - small < 4 * text.utf8.count + 16 << 20, "\(small) \(large)")
    }
}
