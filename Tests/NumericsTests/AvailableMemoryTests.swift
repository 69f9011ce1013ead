import Foundation
import Testing

@testable import Numerics

/// Imitates Linux' files below a temporary folder.
@Suite struct AvailableMemoryTests {
    private func bytes(_ files: [String: String]) throws -> Int? {
        let root = FileManager.default.temporaryDirectory.appending(path: "memory-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return AvailableMemory.bytes(root: root.path)
    }

    private let kernel = [
        "proc/meminfo": "MemTotal:  900 kB\nMemFree: 100 kB\nMemAvailable:    500 kB\nSwapFree: 7 kB\n"
    ]

    private func second(_ group: String, limit: String, used: String = "100\n", stat: String? = nil) -> [String: String]
    {
        var files = ["sys/fs/cgroup\(group)/memory.max": limit, "sys/fs/cgroup\(group)/memory.current": used]
        files["sys/fs/cgroup\(group)/memory.stat"] = stat
        return files
    }

    private func merged(_ parts: [String: String]...) -> [String: String] {
        parts.reduce([:]) { $0.merging($1) { $1 } }
    }

    @Test func withoutGroupsItIsWhatTheKernelSays() throws {
        #expect(try bytes(kernel) == 500 * 1_024)
        #expect(try bytes([:]) == nil)
        #expect(try bytes(["proc/meminfo": "MemFree: 3 kB\n"]) == nil)
    }

    @Test func aGroupOfVersionTwoCountsWhereItLeavesLess() throws {
        let own = ["proc/self/cgroup": "0::/a/b\n"]
        #expect(try bytes(merged(kernel, own, second("/a/b", limit: "max\n"))) == 500 * 1_024)
        #expect(try bytes(merged(kernel, own, second("/a/b", limit: "4096\n"))) == 3_996)
        #expect(try bytes(merged(kernel, own, second("/a/b", limit: "900000000\n"))) == 500 * 1_024)
        let stat = "anon 10\ninactive_file 60\n"
        #expect(try bytes(merged(kernel, own, second("/a/b", limit: "4096\n", stat: stat))) == 4_056)
        // More is used than allowed.
        #expect(try bytes(merged(kernel, own, second("/a/b", limit: "50\n"))) == 0)
    }

    @Test func aGroupAroundTheOwnOneCountsToo() throws {
        let own = ["proc/self/cgroup": "0::/a/b\n"]
        let inner = second("/a/b", limit: "9000\n")
        #expect(try bytes(merged(kernel, own, inner, second("/a", limit: "4096\n"))) == 3_996)
        // A container sees its own group at the root, not under its outside name.
        #expect(try bytes(merged(kernel, own, second("", limit: "4096\n"))) == 3_996)
    }

    @Test func aGroupOfVersionOneCountsWhereItIsOfMemory() throws {
        let group = [
            "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "4096\n",
            "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "1000\n",
            "sys/fs/cgroup/memory/a/memory.stat": "inactive_file 1\ntotal_inactive_file 500\n",
        ]
        #expect(try bytes(merged(kernel, group, ["proc/self/cgroup": "4:cpu,memory:/a\n0::/\n"])) == 3_596)
        #expect(try bytes(merged(kernel, group, ["proc/self/cgroup": "4:cpu:/a\nbroken\n"])) == 500 * 1_024)
    }

    @Test func theMachineHasSome() {
        #expect(AvailableMemory.bytes > 0)
        #expect(AvailableMemory.bytes <= Int(clamping: ProcessInfo.processInfo.physicalMemory))
    }

    @Test(arguments: [
        (0, "0.0 MiB"), (3 << 20, "3.0 MiB"), (107_374_181, "102.4 MiB"), (107_374_182, "0.1 GiB"),
        (5 << 29, "2.5 GiB"),
    ]) func amountsAreReadByPeople(bytes: Int, text: String) {
        #expect("\(MemoryAmount(bytes))" == text)
    }

    /// The rest of `ulimit -v` counts like any limit, minus a quarter for threads and allocators.
    @Test func theLimitOfTheAddressSpaceCounts() throws {
        let line = "Max address space         4096000              unlimited            bytes     \n"
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let limited = ["proc/self/limits": "Limit  Soft\n" + line, "proc/self/statm": "10 5 3 1 0 4 0\n"]
        #expect(try bytes(limited) == (4_096_000 - 10 * page) / 4 * 3)
        #expect(try bytes(merged(kernel, limited)) == 500 * 1_024)
        let unlimited = ["proc/self/limits": line.replacing("4096000", with: "unlimited"), "proc/self/statm": "10\n"]
        #expect(try bytes(unlimited) == nil)
        let exceeded = ["proc/self/limits": line, "proc/self/statm": "999999999 5\n"]
        #expect(try bytes(exceeded) == 0)
    }
}
