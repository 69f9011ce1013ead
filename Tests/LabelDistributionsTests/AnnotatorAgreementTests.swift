import Foundation
import LabelDistributions
import Testing

struct AnnotatorAgreementTests {
    private struct Reference: Decodable {
        let votes: [[Int]]
        let kappa: Double
        let alpha: Double
    }

    /// Oracles: statsmodels and irrCAC for κ, krippendorff for α (Tools/reference/agreement_fixtures.py).
    @Test(arguments: ["same", "skewed", "chance", "differing"])
    func equalsTheReferencePackages(name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/agreement", withExtension: "json"))
        let cases = try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: url))
        let reference = try #require(cases[name])
        let kappa = try #require(AnnotatorAgreement.fleissKappa(reference.votes))
        let alpha = try #require(AnnotatorAgreement.krippendorffAlpha(reference.votes))
        #expect(abs(kappa - reference.kappa) < 1e-12)
        #expect(abs(alpha - reference.alpha) < 1e-12)
    }

    @Test func fullAgreementIsOne() throws {
        let votes = [[3, 0], [0, 5], [2, 0]]
        #expect(AnnotatorAgreement.fleissKappa(votes) == 1)
        #expect(AnnotatorAgreement.krippendorffAlpha(votes) == 1)
    }

    /// Images without a pair of votes must not count.
    @Test func nothingIsSaidWithoutPairsOrWithOneClass() {
        for votes in [[], [[1, 0], [0, 1]], [[4, 0], [7, 0]], [[0, 0]]] as [[[Int]]] {
            #expect(AnnotatorAgreement.fleissKappa(votes) == nil)
            #expect(AnnotatorAgreement.krippendorffAlpha(votes) == nil)
        }
        let votes = [[3, 1], [1, 3]]
        #expect(
            AnnotatorAgreement.krippendorffAlpha(votes + [[0, 0], [1, 0]])
                == AnnotatorAgreement.krippendorffAlpha(votes))
    }
}
