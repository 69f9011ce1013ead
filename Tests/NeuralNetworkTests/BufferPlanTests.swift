import Numerics
import Testing

@testable import NeuralNetwork

@Suite struct BufferPlanTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func buffersAliveTogetherDoNotOverlap(seed: UInt64) {
        var random = CounterRandom(seed: seed)
        var plan = BufferPlan()
        for _ in 0..<60 {
            let start = random.index(below: 40)
            _ = plan.request(count: 1 + random.index(below: 500), lifetime: start...start + random.index(below: 10))
        }
        let total = plan.arrange()
        for (index, slot) in plan.slots.enumerated() {
            #expect(slot.offset >= 0 && slot.offset + slot.count <= total && slot.offset % 16 == 0)
            for other in plan.slots[..<index] where other.lifetime.overlaps(slot.lifetime) {
                #expect(slot.offset + slot.count <= other.offset || other.offset + other.count <= slot.offset)
            }
        }
        let needed = (0..<50).map { moment in
            plan.slots.filter { $0.lifetime.contains(moment) }.reduce(0) { $0 + $1.count }
        }.max()!
        #expect(total >= needed && Double(total) < 1.3 * Double(needed))
    }

    @Test func buffersThatFollowEachOtherShare() {
        var plan = BufferPlan()
        let first = plan.request(count: 100, lifetime: 0...1), second = plan.request(count: 100, lifetime: 2...3)
        #expect(plan.arrange() == 112)
        #expect(first.offset == second.offset)
    }
}
