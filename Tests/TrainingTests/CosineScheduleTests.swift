import Testing

@testable import Training

@Suite struct CosineScheduleTests {
    @Test func halfACosine() {
        let schedule = CosineSchedule(steps: 4)
        #expect(schedule.factor(at: 0) == 1)
        #expect(abs(schedule.factor(at: 2) - 0.5) < 1e-15)
        #expect(abs(schedule.factor(at: 3) - 0.14644660940672627) < 1e-15)
    }

    /// Keras' `CosineDecayRestarts(1, steps / 5, t_mul=2)`, in float32.
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
            let schedule = CosineSchedule(steps: steps, form: .restarts)
            for (step, factor) in factors.enumerated() { #expect(abs(schedule.factor(at: step) - factor) < 1e-6) }
        }
    }

    @Test func aRunOfOneStep() {
        #expect(CosineSchedule(steps: 1, form: .restarts).factor(at: 0) == 1)
    }
}
