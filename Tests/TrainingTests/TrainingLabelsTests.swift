import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Parameters
import Testing
import TestSupport

@testable import Training

@Suite struct TrainingLabelsTests {
    private func dataset(_ labels: [LabelDistribution], votes: [[Int]?]? = nil) -> Dataset {
        Dataset(
            name: "d", classes: ["a", "b"],
            samples: labels.enumerated().map { index, label in
                Sample(
                    id: "\(index)", imageURL: URL(fileURLWithPath: "/\(index).png"), fold: 1, label: label,
                    votes: votes?[index])
            })
    }

    private let mixed = (0..<200).map { try! LabelDistribution([Double($0) / 199, 1 - Double($0) / 199]) }

    private func labels(_ change: (inout TrainingParameters) -> Void) throws -> TrainingLabels {
        var parameters = TrainingParameters(labels: .quantized)
        parameters.seed = 3
        change(&parameters)
        return try TrainingLabels(dataset(mixed), training: Array(0..<200), parameters: parameters)
    }

    @Test func quantizedLabelsStayUnlessTheyAreDrawnAnew() throws {
        let fixed = try labels { _ in }
        #expect(!fixed.changes && fixed.targets(epoch: 0) == fixed.targets(epoch: 5))
        #expect(fixed.targets(epoch: 0).allSatisfy { $0.sorted() == [0, 1] })
        let other = try labels { $0.seed = 4 }
        #expect(fixed.targets(epoch: 0) != other.targets(epoch: 0))
        let anew = try labels { $0.resamples = true }
        #expect(anew.changes && anew.targets(epoch: 0) == fixed.targets(epoch: 0))
        #expect(anew.targets(epoch: 1) != anew.targets(epoch: 0))
        // Averaged over many epochs, the draws approach the distribution.
        let mean = (0..<400).reduce(0.0) { $0 + Double(anew.targets(epoch: $1)[60][0]) } / 400
        #expect(abs(mean - 60.0 / 199) < 0.1)
    }

    @Test func fewAnnotationsAreAllThatIsKnown() throws {
        let soft = try labels { ($0.labels, $0.annotations) = (.soft, 4) }
        #expect(soft.targets(epoch: 0).allSatisfy { ($0[0] * 4).rounded() == $0[0] * 4 })
        let counted = dataset([mixed[50]], votes: [[1, 3]])
        let all = try TrainingLabels(
            counted, training: [0], parameters: parameters(.soft) { $0.annotations = 9 })
        #expect(all.targets(epoch: 0) == [[0.25, 0.75]])
    }

    @Test func fewerImagesAreChosenBySeed() throws {
        let few = try labels { $0.trainingImages = 20 }
        #expect(few.training.count == 20 && few.training == few.training.sorted())
        #expect(Set(few.training).count == 20 && few.training != Array(0..<20))
        #expect(
            throws: TrainingError.badParameter(
                ParameterError(
                    option: "--training-images", found: "201", expected: "1 to 200, as many as split 1 has"))
        ) { try labels { $0.trainingImages = 201 } }
    }

    @Test func theRiskHasThePriorsAndAWeightOfEachStep() throws {
        var parameters = parameters(.quantized) { $0.loss = .cpu }
        func risk(_ step: Int) throws -> ClasswiseRisk { try #require(parameters.stepLoss(step) as? ClasswiseRisk) }
        let first = try risk(0)
        #expect(first.positivePrior == 0.1 && first.hiddenPrior == 0.6 && first.tolerance == 0 && first.reversal == 1)
        #expect(try risk(0) == first && risk(1).divergenceWeight != first.divergenceWeight)
        parameters.cpuPriors = [0.25, 0.5]
        #expect(try risk(0).positivePrior == 0.25 && risk(0).hiddenPrior == 0.5)
        #expect(try risk(0).divergenceWeight == first.divergenceWeight)
        parameters.seed = 9
        #expect(try risk(0).divergenceWeight != first.divergenceWeight)
        #expect(TrainingParameters(labels: .soft).stepLoss(0) is CrossEntropy)
    }

    private static let wrongCombinations: [(message: String, parameters: TrainingParameters)] = [
        ("--labels is soft; expected quantized with --resample", parameters(.soft) { $0.resamples = true }),
        ("--labels is soft; expected hard or quantized with --loss cpu", parameters(.soft) { $0.loss = .cpu }),
        ("--annotations is 0; expected 1 to 1000", parameters(.soft) { $0.annotations = 0 }),
        ("--training-images is 0; expected at least 1", parameters(.soft) { $0.trainingImages = 0 }),
        (
            "--cpu-priors is 0.1,1.5; expected two numbers from 0 to 1",
            parameters(.hard) { ($0.loss, $0.cpuPriors) = (.cpu, [0.1, 1.5]) }
        ),
        (
            "--cpu-priors is 0.1; expected two numbers from 0 to 1",
            parameters(.hard) { ($0.loss, $0.cpuPriors) = (.cpu, [0.1]) }
        ),
        (
            "--loss is cross-entropy; expected cpu with --cpu-priors",
            parameters(.hard) { $0.cpuPriors = [0.1, 0.6] }
        ),
        (
            "--label-smoothing is 0.1; expected 0 with --loss cpu",
            parameters(.hard) { ($0.loss, $0.labelSmoothing) = (.cpu, 0.1) }
        ),
        (
            "--class-weights is true; expected false with --loss cpu",
            parameters(.hard) { ($0.loss, $0.weighsClasses) = (.cpu, true) }
        ),
    ]

    @Test(arguments: wrongCombinations)
    func wrongCombinationsAreNamed(message: String, parameters: TrainingParameters) {
        let problem = errorProblem {
            try parameters.validate()
        } where: {
            "\($0)" == message
        }
        #expect(problem == nil)
    }

    /// `cpu` was another estimator before priors existed, so a record without them belongs to another training.
    @Test func aRecordOfTheFormerLossIsOfAnotherTraining() throws {
        let parameters = parameters(.hard) { $0.loss = .cpu }
        let identified = try parameters.identified(startingFrom: nil)
        #expect(identified.cpuPriors == [0.1, 0.6])
        let former = try JSONDecoder().decode(TrainingParameters.self, from: JSONEncoder().encode(parameters))
        let difference = try #require(former.difference(from: identified))
        #expect(difference.parameter.phrase(difference.word) == "--cpu-priors unset")
        #expect(try identified.identified(startingFrom: nil) == identified)
        #expect(try TrainingParameters(labels: .soft).identified(startingFrom: nil).cpuPriors == nil)
    }

    @Test func recordsOfOlderProgramsAreRead() throws {
        let parameters = parameters(.hard) { $0.seed = 5 }
        let record = try JSONEncoder().encode(parameters)
        var fields = try #require(JSONSerialization.jsonObject(with: record) as? [String: Any])
        for key in ["precision", "loss", "resamples"] { #expect(fields.removeValue(forKey: key) != nil) }
        let older = try JSONSerialization.data(withJSONObject: fields)
        #expect(try JSONDecoder().decode(TrainingParameters.self, from: older) == parameters)
        fields["labels"] = nil
        let broken = try JSONSerialization.data(withJSONObject: fields)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(TrainingParameters.self, from: broken) }
    }
}

private func parameters(
    _ labels: LabelKind, _ change: (inout TrainingParameters) -> Void
) -> TrainingParameters {
    var parameters = TrainingParameters(labels: labels)
    change(&parameters)
    return parameters
}
