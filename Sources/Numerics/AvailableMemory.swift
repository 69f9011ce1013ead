import Foundation

/// How much memory a computation can still take.
package enum AvailableMemory {
    /// Bytes that can be taken without pushing other memory out: the smallest of what the kernel reports as available
    /// and what the process's control groups and its address-space limit (`ulimit -v`) leave. All physical memory if
    /// the system reports nothing.
    package static var bytes: Int { bytes(root: "/") ?? Int(clamping: ProcessInfo.processInfo.physicalMemory) }

    /// The same by the files below `root`, which stands for the root of the file system; nil where there are none.
    static func bytes(root: String) -> Int? {
        let limited = addressSpace(root: root).map { $0 / 4 * 3 }
        return ([kernelBytes(root: root), limited] + controlGroupBytes(root: root)).compactMap(\.self).min()
    }

    /// What the process's address-space limit leaves; nil if there is no limit. More is used up than is counted:
    /// threads and allocators reserve ranges that they never touch.
    package static var addressSpace: Int? { addressSpace(root: "/") }

    static func addressSpace(root: String) -> Int? {
        guard let limits = text(root + "/proc/self/limits"), let use = text(root + "/proc/self/statm"),
            let line = limits.split(separator: "\n").first(where: { $0.hasPrefix("Max address space") }),
            let most = line.dropFirst("Max address space".count).split(separator: " ").first.flatMap({ Int($0) }),
            let pages = use.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        return max(0, most - min(most, pages * pageSize))
    }

    /// The most bytes of memory that this process has held so far; nil where the system does not say.
    package static var peak: Int? {
        text("/proc/self/status").flatMap { value(of: "VmHWM:", in: $0) }.map { $0 * 1_024 }
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    /// `MemAvailable` of `/proc/meminfo`, which is in KiB.
    private static func kernelBytes(root: String) -> Int? {
        text(root + "/proc/meminfo").flatMap { value(of: "MemAvailable:", in: $0) }.map { $0 * 1_024 }
    }

    /// What each control group of the process and those around it leave, in version 2 of control groups and in version 1.
    private static func controlGroupBytes(root: String) -> [Int?] {
        (text(root + "/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line -> [Int?] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            if parts[1].isEmpty {
                return rooms(root + "/sys/fs/cgroup", parts[2], "memory.max", "memory.current", "inactive_file")
            }
            guard parts[1].split(separator: ",").contains("memory") else { return [] }
            return rooms(
                root + "/sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes",
                "total_inactive_file")
        }
    }

    /// A group's limit less its use, of which the kernel takes unused pages of files back. A group may be hidden from the
    /// process, as in a container; those around it still count.
    private static func rooms(
        _ mount: String, _ path: Substring, _ limit: String, _ use: String, _ reclaimable: String
    ) -> [Int?] {
        let parts = path.split(separator: "/")
        return (0...parts.count).map { depth in
            let folder = ([mount] + parts.prefix(depth).map(String.init)).joined(separator: "/")
            guard let most = number(folder + "/" + limit), let used = number(folder + "/" + use) else { return nil }
            let files = text(folder + "/memory.stat").flatMap { value(of: reclaimable, in: $0) } ?? 0
            return max(0, most - max(0, used - files))
        }
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The number behind a name at the beginning of a line.
    private static func value(of name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count >= 2, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}

/// A number of bytes as people read it: in GiB, or in MiB below a tenth of one, to a tenth.
package struct MemoryAmount: CustomStringConvertible {
    private let bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package var description: String {
        let isLarge = bytes >= 1 << 30 / 10
        let units = Double(bytes) / Double(isLarge ? 1 << 30 : 1 << 20)
        return "\((units * 10).rounded() / 10) \(isLarge ? "GiB" : "MiB")"
    }
}
