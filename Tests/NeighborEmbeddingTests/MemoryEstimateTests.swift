import Numerics
import Testing
import TestSupport

@testable import NeighborEmbedding

@Suite struct MemoryEstimateTests {
    private func parameters(
        perplexity: Double = 30, _ method: TSNEParameters.GradientMethod = .interpolation(InterpolationGrid()),
        _ search: TSNEParameters.NeighborSearch = .automatic, components: Int? = nil
    ) -> TSNEParameters {
        var parameters = TestData.parameters(perplexity: perplexity, method: method)
        parameters.neighborSearch = search
        if let components { parameters.reduction = .principalComponents(components) }
        return parameters
    }

    private func estimate(
        _ count: Int, _ dimension: Int, _ parameters: TSNEParameters, threads: Int = 2
    ) -> MemoryEstimate {
        MemoryEstimate(count: count, dimension: dimension, parameters: parameters, threads: ThreadCount(threads))
    }

    /// Peak resident memory of these runs minus that before them, in MiB, measured once with two threads.
    @Test(arguments: [
        (20_000, 50, 30, "bh", 0, 71), (20_000, 50, 30, "exact", 0, 71), (70_000, 784, 30, "interpolation", 0, 424),
        (70_000, 50, 10, "bh", 0, 148), (70_000, 784, 30, "bh", 50, 283), (200_000, 50, 10, "interpolation", 0, 356),
        (200_000, 50, 30, "interpolation", 0, 696), (1_000_000, 50, 30, "interpolation", 0, 3_347),
    ])
    func peaksAreThoseMeasured(
        count: Int, dimension: Int, perplexity: Double, method: String, components: Int, mebibytes: Int
    ) {
        let methods: [String: TSNEParameters.GradientMethod] = [
            "bh": .barnesHut(theta: 0.5), "exact": .exact, "interpolation": .interpolation(InterpolationGrid()),
        ]
        let isApproximate = count > 100_000 || components > 0
        let run = parameters(
            perplexity: perplexity, methods[method]!, isApproximate ? .approximate : .exact,
            components: components > 0 ? components : nil)
        let ratio = Double(estimate(count, dimension, run).peak) / Double(mebibytes << 20)
        #expect(abs(ratio - 1) < 0.25)
    }

    /// Points in a plane, and points without structure.
    @Test(arguments: [2, 20]) func affinitiesHaveAboutSoManyEntries(dimension: Int) {
        let features = TestData.features(count: 3_000, dimension: dimension)
        let found = TestData.affinities(features, perplexity: 20)
        let bytes = found.columns.count * 4 + found.values.count * 4 + found.rowStarts.count * 8
        let expected = estimate(3_000, dimension, parameters(perplexity: 20)).affinities
        #expect(abs(Double(bytes) / expected - 1) < 0.25)
    }

    /// Under the cosine metric, zero rows cost another copy of the features and another graph.
    @Test func theCosineTakesMore() {
        var cosine = parameters()
        cosine.metric = .cosine
        let more =
            estimate(20_000, 768, cosine).bytes(.neighbors) - estimate(20_000, 768, parameters()).bytes(.neighbors)
        let features: Double = 20_000 * (4 * 768 + 4)
        let graph: Double = 8 * 20_000 * 90
        #expect(more == features + graph)
    }

    @Test func everySizeCounts() {
        let small = estimate(150_000, 1_000, parameters(.barnesHut(theta: 0.5)))
        #expect(estimate(150_001, 1_000, parameters(.barnesHut(theta: 0.5))).peak > small.peak)
        #expect(estimate(150_000, 1_100, parameters(.barnesHut(theta: 0.5))).peak > small.peak)
        #expect(estimate(150_000, 1_000, parameters(perplexity: 90)).bytes(.affinities) > small.bytes(.affinities))
        #expect(
            estimate(150_000, 1_000, parameters(.barnesHut(theta: 0.5)), threads: 9).bytes(.descent)
                > small.bytes(.descent))
        #expect(estimate(150_000, 1_000, parameters(.exact, .exact)).bytes(.neighbors) < small.bytes(.neighbors))
        #expect(small.bytes(.reduction) == 0)
        let reduced = estimate(150_000, 1_000, parameters(components: 50))
        #expect(reduced.bytes(.reduction) > 0 && reduced.bytes(.neighbors) < small.bytes(.neighbors))
        #expect(
            estimate(1_000_000, 50, parameters(.exact)).bytes(.descent)
                > estimate(1_000_000, 50, parameters()).bytes(.descent))
    }

    @Test func sizesThatNoMemoryHoldsDoNotOverflow() {
        let most = Int(Int32.max)
        let peak = estimate(most, .max / most, parameters(perplexity: 1e8)).peak
        #expect(peak == 1 << 62)
    }

    // MARK: - Remedies

    private func remedies(
        _ count: Int, _ dimension: Int, _ parameters: TSNEParameters, threads: Int = 2, available: Int
    ) -> [MemoryRemedy] {
        MemoryRemedy.remedies(
            count: count, dimension: dimension, parameters: parameters, threads: ThreadCount(threads),
            available: available)
    }

    private let gibibyte = 1 << 30

    @Test func manyThreadsWithTreesCanInterpolate() {
        let run = parameters(.barnesHut(theta: 0.5))
        #expect(estimate(90_000, 10, run, threads: 256).peak > gibibyte / 2)
        #expect(remedies(90_000, 10, run, threads: 256, available: gibibyte / 2) == [.interpolation])
    }

    @Test func manyColumnsCanBeReduced() {
        #expect(estimate(300_000, 2_000, parameters()).peak > 4 * gibibyte)
        #expect(remedies(300_000, 2_000, parameters(), available: 4 * gibibyte) == [.principalComponents(50)])
        // No use if principal components are already in use.
        #expect(remedies(300_000, 2_000, parameters(components: 50), available: gibibyte).isEmpty)
    }

    @Test func aSecondCopyOfTheFeaturesCanBeSpared() {
        let run = parameters(perplexity: 1, .interpolation(InterpolationGrid()), .approximate)
        #expect(estimate(150_000, 48, run).peak > gibibyte / 8)
        #expect(remedies(150_000, 48, run, available: gibibyte / 8) == [.exactSearch])
        // An exact search among so many points would take too long.
        #expect(!remedies(400_000, 2_000, parameters(), available: 4 * gibibyte).contains(.exactSearch))
    }

    @Test func severalRemediesTogether() {
        let run = parameters(.barnesHut(theta: 0.5))
        let found = remedies(300_000, 2_000, run, threads: 1_024, available: 4 * gibibyte)
        #expect(found == [.interpolation, .principalComponents(50)])
    }

    @Test func aLowerPerplexityIsTheLastRemedy() throws {
        let found = remedies(1_000_000, 20, parameters(perplexity: 100), available: 3 * gibibyte)
        guard case .perplexity(let perplexity) = try #require(found.last) else {
            Issue.record("\(found)")
            return
        }
        #expect(found.count == 1)
        // It is the highest perplexity that fits.
        #expect(estimate(1_000_000, 20, parameters(perplexity: Double(perplexity))).peak <= 3 * gibibyte)
        #expect(estimate(1_000_000, 20, parameters(perplexity: Double(perplexity + 1))).peak > 3 * gibibyte)
    }

    @Test func whereNothingFitsNothingIsAdvised() {
        #expect(remedies(1_000_000, 20, parameters(), available: 1_000_000).isEmpty)
        #expect(remedies(1_000, 20, parameters(perplexity: 3), available: 0).isEmpty)
    }

    // MARK: - Runs

    @Test func aRunThatDoesNotFitIsRefusedBeforeItBegins() throws {
        let features = TestData.features(count: 100, dimension: 8)
        let parameters = TestData.parameters(iterations: 10)
        let needed = estimate(100, 8, parameters, threads: 1).peak
        func tsne(_ available: Int) -> TSNE {
            TSNE(parameters, threads: ThreadCount(1), kernels: .preferred(), availableMemory: available)
        }
        var calls = 0
        let problem = errorProblem {
            try tsne(needed - 1).fit(features) { _ in
                calls += 1
                return .continue
            }
        } where: { error in
            guard case .notEnoughMemory(needed, needed - 1, _) = error as? TSNEError else { return false }
            return true
        }
        #expect(problem == nil)
        #expect(calls == 0)
        #expect(try tsne(needed).fit(features).isComplete)
    }

    @Test func theErrorSaysWhatIsThereAndWhatWouldFit() {
        let error = TSNEError.notEnoughMemory(
            needed: 5 << 30, available: 2 << 30,
            remedies: [.interpolation, .principalComponents(50), .exactSearch, .perplexity(12)])
        #expect(
            "\(error)"
                == "the run would take about 5.0 GiB of memory, but only 2.0 GiB is available; it would fit with the "
                + "interpolated gradient and 50 principal components in place of the features and the exact search "
                + "for neighbours and a perplexity of 12")
        #expect(
            "\(TSNEError.notEnoughMemory(needed: 5 << 30, available: 1 << 20, remedies: []))"
                == "the run would take about 5.0 GiB of memory, but only 1.0 MiB is available; use fewer points")
    }
}
