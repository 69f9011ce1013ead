import Numerics
import Testing

@testable import NeighborEmbedding

@Suite struct ThreadChooserTests {
    /// How many of 1,000 iterations run on all threads, given the seconds per iteration.
    private func parallelIterations(all: Double, one: Double) -> Int {
        var chooser = ThreadChooser(most: ThreadCount(4))
        return (0..<1_000).count { _ in
            let isParallel = chooser.threads.count == 4
            chooser.record(seconds: isParallel ? all : one)
            return isParallel
        }
    }

    @Test func allThreadsStayWhereTheyAreFaster() { #expect(parallelIterations(all: 1, one: 4) > 985) }

    @Test func oneThreadTakesOverWhereItIsFaster() { #expect(parallelIterations(all: 3, one: 1) < 100) }

    @Test func allThreadsComeBack() {
        var chooser = ThreadChooser(most: ThreadCount(2))
        for _ in 0..<200 { chooser.record(seconds: chooser.threads.count == 2 ? 3 : 1) }
        #expect(chooser.threads.count == 1)
        for _ in 0..<300 { chooser.record(seconds: chooser.threads.count == 2 ? 1 : 2) }
        #expect(chooser.threads.count == 2)
    }

    @Test func oneThreadStaysOne() {
        var chooser = ThreadChooser(most: ThreadCount(1))
        for _ in 0..<200 {
            chooser.record(seconds: 1)
            #expect(chooser.threads == ThreadCount(1))
        }
    }
}
