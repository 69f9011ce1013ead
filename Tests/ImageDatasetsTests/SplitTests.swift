import Foundation
import LabelDistributions
import Testing

@testable import ImageDatasets

struct SplitTests {
    @Test(arguments: [
        (1, 3, 2, [1, 4, 5]), (2, 4, 3, [1, 2, 5]), (3, 5, 4, [1, 2, 3]), (4, 1, 5, [2, 3, 4]), (5, 2, 1, [3, 4, 5]),
    ])
    func slicesAreThoseOfTheBenchmark(slice: Int, test: Int, validation: Int, train: [Int]) throws {
        let split = try Split(slice: slice)
        #expect((1...5).filter { split.subset(ofFold: $0) == .test } == [test])
        #expect((1...5).filter { split.subset(ofFold: $0) == .validation } == [validation])
        #expect((1...5).filter { split.subset(ofFold: $0) == .train } == train)
        let samples = (0..<20).map { index in
            Sample(
                id: "\(index)", imageURL: URL(fileURLWithPath: "/\(index).png"), fold: index % 5 + 1,
                label: LabelDistribution(oneHot: 0, of: 1))
        }
        let dataset = Dataset(name: "twenty", classes: ["a"], samples: samples)
        #expect(split.indices(of: .test, in: dataset) == [0, 5, 10, 15].map { $0 + test - 1 })
        #expect(split.indices(of: .validation, in: dataset) == [0, 5, 10, 15].map { $0 + validation - 1 })
        #expect(split.indices(of: .train, in: dataset).count == 12)
    }

    @Test(arguments: [0, 6, -1])
    func otherSlicesAreRefused(slice: Int) {
        #expect(throws: SplitError(slice: slice)) { try Split(slice: slice) }
        #expect(SplitError(slice: slice).description == "the split is \(slice), a number from 1 to 5 was expected")
    }
}
