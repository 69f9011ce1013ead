import Foundation
import NeighborEmbedding
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct MemoryErrorTests {
    @Test func aProjectionThatDoesNotFitNamesTheOptions() {
        let projection = Projection(
            features: URL(fileURLWithPath: "/x/f.npy"), idsFile: nil, parameters: ProjectionParameters(),
            out: URL(fileURLWithPath: "/x/out.csv"))
        let error = projection.explained(
            .notEnoughMemory(
                needed: 5 << 30, available: 2 << 30,
                remedies: [.interpolation, .principalComponents(50), .exactSearch, .perplexity(12)]))
        #expect(
            "\(error)"
                == "/x/f.npy: needs about 5.0 GiB of memory, but only 2.0 GiB is available; it fits with --method "
                + "interpolation --pca 50 --neighbors exact --perplexity 12")
        #expect(ExitStatus(of: error) == .wrongInput)
        let hopeless = projection.explained(.notEnoughMemory(needed: 5 << 30, available: 1 << 20, remedies: []))
        #expect(
            "\(hopeless)" == "/x/f.npy: needs about 5.0 GiB of memory, but only 1.0 MiB is available; use fewer points")
    }

    /// Every suggested option must parse.
    @Test(arguments: [MemoryRemedy.interpolation, .principalComponents(50), .exactSearch, .perplexity(12)])
    func theOptionsOfRemediesAreTaken(remedy: MemoryRemedy) throws {
        let options = remedy.option.split(separator: " ").map(String.init)
        _ = try ProjectCommand.parse(["f.npy", "--out", "o.csv"] + options)
    }
}
