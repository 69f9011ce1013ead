import Numerics
import Testing

@testable import FeatureSpaces

/// The verdict rule on the small planted spaces, two seeds each; `penumbra compare --self-test` tries all with a hundred.
@Suite struct PlantedCaseTests {
    private static let small = PlantedCase.all.filter { $0.count <= 300 && $0.classes <= 6 }

    @Test(arguments: small.indices) func verdictsAreRight(index: Int) {
        let planted = Self.small[index]
        for seed in UInt64(1_000)..<1_002 {
            let verdict = planted.verdict(seed: seed, parameters: VerdictSelfTest.parameters, threads: ThreadCount(2))
            #expect(verdict.outcome == planted.expected, "\(planted.name), seed \(seed)")
        }
    }

    @Test func everyKindOfCaseIsThere() {
        #expect(Set(PlantedCase.all.map(\.classes)).isSuperset(of: [2, 3, 6, 10, 40]))
        #expect(PlantedCase.all.map(\.count).min() == 100 && PlantedCase.all.map(\.count).max() == 10_000)
        #expect(
            Set(PlantedCase.all.map(\.expected)) == [.firstBetterOrdered, .mixed, .notDistinguishable])
    }

    @Test func theSelfTestCounts() {
        let found = VerdictSelfTest(cases: [Self.small[0]], seeds: 3, threads: ThreadCount(2)) { _ in }
        #expect(found.rows.count == 1 && found.rows[0].right == 3 && found.rows[0].wrong == 0 && found.passes)
        #expect(found.rows[0].spoke == Dictionary(uniqueKeysWithValues: SpaceMeasure.deciding.map { ($0, 0) }))
    }
}
