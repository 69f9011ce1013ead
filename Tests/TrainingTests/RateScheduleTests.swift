import Foundation
import Testing
import TestSupport

@testable import Training

@Suite struct RateScheduleTests {
    @Test func halfACosine() {
        let schedule = RateSchedule(steps: 4)
        #expect(schedule.factor(at: 0) == 1)
        #expect(abs(schedule.factor(at: 2) - 0.5) < 1e-15)
        #expect(abs(schedule.factor(at: 3) - 0.14644660940672627) < 1e-15)
    }

    /// Oracle: Keras' `CosineDecayRestarts(1, steps / 5, t_mul=2)` in float32.
    @Test func restartsAreKeras() {
        let expected: [Int: [Double]] = [
            20: [
                1, 0.853553, 0.5, 0.146447, 1, 0.96194, 0.853553, 0.691342, 0.5, 0.308658, 0.146447, 0.03806, 1,
                0.990393,
                0.96194, 0.915735, 0.853553, 0.777785, 0.691342, 0.597545,
            ],
            7: [1, 0.188255, 0.890916, 0.38874, 0.012536, 0.950484, 0.766016],
        ]
        for (steps, factors) in expected {
            let schedule = RateSchedule(steps: steps, form: .restarts)
            for (step, factor) in factors.enumerated() { #expect(abs(schedule.factor(at: step) - factor) < 1e-6) }
        }
    }

    @Test func aRunOfOneStep() {
        #expect(RateSchedule(steps: 1, form: .restarts).factor(at: 0) == 1)
    }

    @Test func aTenthAfterEachMilestone() throws {
        var parameters = TrainingParameters(labels: .hard)
        (parameters.epochs, parameters.schedule, parameters.milestones) = (6, .steps, Milestones([2, 5]))
        try parameters.validate()
        let schedule = parameters.rateSchedule(stepsPerEpoch: 3)
        let factors = (0..<18).map { schedule.factor(at: $0) }
        for (step, factor) in factors.enumerated() {
            #expect(abs(factor - (step < 6 ? 1 : step < 15 ? 0.1 : 0.01)) < 1e-15, "step \(step)")
        }
        #expect(factors[5] == 1)
    }

    @Test func milestonesAreReadAsTheyAreWritten() throws {
        let milestones = try #require(Milestones(word: "100,150"))
        #expect(milestones.epochs == [100, 150] && milestones.word == "100,150")
        #expect(try JSONDecoder().decode(Milestones.self, from: JSONEncoder().encode(milestones)) == milestones)
        for word in ["", "0", "5,5", "7,3", "1,x", "1,", "1.5"] { #expect(Milestones(word: word) == nil, "\(word)") }
    }

    @Test(arguments: [
        (
            "--schedule is cosine; expected steps with --milestones, and only with it",
            LearningRateSchedule.cosine, [3]
        ),
        ("--schedule is steps; expected steps with --milestones, and only with it", .steps, []),
        ("--milestones is 3,60; expected epochs below 60, the number of all epochs", .steps, [3, 60]),
    ])
    func wrongCombinations(message: String, schedule: LearningRateSchedule, milestones: [Int]) {
        var parameters = TrainingParameters(labels: .hard)
        (parameters.schedule, parameters.milestones) = (schedule, Milestones(milestones))
        let problem = errorProblem {
            try parameters.validate()
        } where: {
            "\($0)" == message
        }
        #expect(problem == nil)
    }
}
