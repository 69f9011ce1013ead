import Parameters
import Testing

@testable import Training

@Suite struct MixupTests {
    @Test func imagesAndTargetsAreMixedAlike() {
        let mixup = Mixup(weight: 0.75, partners: [2, 0, 1])
        #expect(mixup.mixed([0, 4, 8, 12, 16, 20] as [Float]) == [4, 8, 6, 10, 14, 18])
        #expect(mixup.mixed([[1, 0], [0, 1], [0.5, 0.5]]) == [[0.875, 0.125], [0.25, 0.75], [0.375, 0.625]])
    }

    @Test func weightsAreOfTheirBetaDistribution() throws {
        var parameters = TrainingParameters(labels: .hard)
        #expect(parameters.mixup(of: 4, step: 0) == nil)
        parameters.mixup = 0.4
        let drawn = (0..<4000).map { parameters.mixup(of: 5, step: $0)! }
        #expect(drawn.allSatisfy { $0.partners.sorted() == [0, 1, 2, 3, 4] })
        let weights = drawn.map(\.weight)
        let mean = weights.reduce(0, +) / 4000
        let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
        // Beta(α, α): mean 1/2, variance 1 / (4 (2 α + 1)) = 0.1389. The bounds are about five and four standard errors.
        #expect(abs(mean - 0.5) < 0.03)
        #expect(abs(variance - 1 / (4 * 1.8)) < 0.006)
        #expect(parameters.mixup(of: 5, step: 7)!.weight == weights[7])
        parameters.seed = 1
        #expect(parameters.mixup(of: 5, step: 7)!.weight != weights[7])
    }

    @Test func aLossOfOneClassTakesNoMixture() {
        var parameters = TrainingParameters(labels: .hard)
        (parameters.loss, parameters.mixup) = (.cpu, 0.2)
        #expect(
            throws: TrainingError.badParameter(
                ParameterError(option: "--mixup", found: "0.2", expected: "0 with --loss cpu"))
        ) { try parameters.validate() }
    }
}
