import CBuildFacts
import Figures
import Numerics
import NeuralNetwork
import Processes
import TensorFiles

/// The program's version, following semantic versioning, and what it was built from.
package enum PenumbraVersion {
    package static let current = "1.0.0"

    /// The commit that it was built from; nil if the build did not record it.
    package static let commit: String? = {
        let text = String(cString: penumbra_commit())
        return text.isEmpty ? nil : text
    }()

    /// `1.0.0 (commit 0123456789ab)`.
    package static var line: String { current + (commit.map { " (commit \($0))" } ?? "") }

    /// What `--version --verbose` prints: the libraries that this process has loaded, and the instruction set that it uses.
    package static var details: [String] {
        let facts =
            libraries.map { ($0.name, $0.version) } + [
                ("processor", Processor.name),
                ("instructions", "\(Processor.instructions) of the processor's \(Processor.widestInstructions)"),
                ("threads", "\(ThreadCount.available.count)"),
            ]
        let width = facts.map(\.0.count).max() ?? 0
        return ["penumbra \(line)"] + facts.map { $0.0.padding(width) + "  " + $0.1 }
    }

    /// By name, in the order used in reports.
    package static var libraries: [(name: String, version: String)] {
        [
            (
                "oneDNN",
                OneDNNVersion.loaded.map { "\($0)\(Winograd.isAllowed ? "" : ", direct convolutions alone")" }
                    ?? "none: built without networks"
            ),
            ("OpenBLAS", OpenBLASLibrary.version),
        ] + (ProcessGroups.libraryName.map { [("MPI", $0)] } ?? []) + FigureLibraries.versions + FileLibraries.versions
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
