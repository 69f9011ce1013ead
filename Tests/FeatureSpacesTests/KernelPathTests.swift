import Numerics
import Testing

@testable import FeatureSpaces

@Suite struct KernelPathTests {
    /// Instruction sets may change results only by rounding.
    @Test(arguments: KernelPath.available) func instructionSetsMeasureTheSame(kernels: KernelPath) {
        let labels = TestSpaces.labels(count: 130, seed: 22)
        let space = TestSpaces.noise(labels, dimension: 70, seed: 22)
        let matrix = LabelMatrix(labels)
        func found(_ kernels: KernelPath) -> (DistanceScan, KernelAlignment.Estimates) {
            let rows = CenteredRows(space, threads: ThreadCount(1), kernels: kernels)
            let scan = DistanceScan(
                rows, ties: TieOrder(space, seed: 0), neighbors: 9, classes: matrix.hardClasses, classCount: 3,
                threads: ThreadCount(1))
            let alignment = KernelAlignment.estimates(
                KernelFactor(rows), KernelFactor(CenteredRows(matrix, kernels: kernels)), threads: ThreadCount(1))
            return (scan, alignment)
        }
        let (one, plain) = (found(kernels), found(.swift))
        #expect(one.0.neighbors == plain.0.neighbors)
        for (sum, expected) in zip(one.0.classSums, plain.0.classSums) { #expect(abs(sum - expected) < 1e-10) }
        #expect(abs(one.1.plain.value - plain.1.plain.value) < 1e-12)
        #expect(abs(one.1.debiased.value - plain.1.debiased.value) < 1e-12)
    }
}
