import Foundation

/// The processor that the program runs on.
package enum Processor {
    /// As the system names it; "unknown" where it does not.
    package static let name: String = {
        let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }()

    /// The instruction set that the inner loops use.
    package static var instructions: String { "\(KernelPath.preferred())" }

    /// The widest instruction set that it has.
    package static var widestInstructions: String { "\(KernelPath.available.last!)" }
}
