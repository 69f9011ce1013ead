import Foundation
import LabelDistributions
import TestSupport
import Testing

@testable import Training

@Suite struct TrainingHistoryTests {
    @Test func aRecordReadsBackAsItWas() throws {
        let record = EpochRecord(
            epoch: 2, loss: 0.5, learningRate: 0.01, validation: [.macroAccuracy: 0.75, .softAccuracy: 0.5], seconds: 3)
        #expect(try JSONDecoder().decode(EpochRecord.self, from: JSONEncoder().encode(record)) == record)
    }

    /// Training resumes from records of a version with only two measures.
    @Test func recordsOfTwoMeasuresAreRead() throws {
        let text = """
            {"epoch":1,"learningRate":0.02,"loss":1.5,"seconds":7.25,"validationAccuracy":0.5,"validationKL":0.25}
            """
        let record = try JSONDecoder().decode(EpochRecord.self, from: Data(text.utf8))
        #expect(record.validationAccuracy == 0.5 && record.validationKL == 0.25 && record.validation.count == 2)
        let folder = try TemporaryFolder()
        try TrainingHistory.write([record], to: folder.file("history.csv"))
        let lines = try folder.text("history.csv").split(separator: "\n")
        #expect(lines[0].split(separator: ",").count == 14)
        #expect(lines[1] == "1,1.5,0.02,0.5,0.25,,,,,,,,,7.25")
    }

    @Test func theBestEpochIsTheFirstOfTheLeastDivergence() {
        func history(_ divergences: [Double]) -> [EpochRecord] {
            divergences.enumerated().map { index, divergence in
                EpochRecord(
                    epoch: index + 1, loss: 1, learningRate: 1, validation: [.klDivergence: divergence], seconds: 0)
            }
        }
        #expect(KeptEpoch.best.index(in: history([0.5, 0.2, 0.3, 0.2])) == 1)
        #expect(KeptEpoch.best.index(in: history([.nan, 0.4, .infinity])) == 1)
        #expect(KeptEpoch.last.index(in: history([0.5, 0.2, 0.3])) == 2)
        #expect(KeptEpoch.best.index(in: history([.nan])) == 0 && KeptEpoch.best.index(in: []) == nil)
        #expect(KeptEpoch.last.index(in: []) == nil)
    }
}
