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

    @Test func allTrainsOnEverything() throws {
        let samples = (0..<10).map { index in
            Sample(
                id: "\(index)", imageURL: URL(fileURLWithPath: "/\(index).png"), fold: index % 5 + 1,
                label: LabelDistribution(oneHot: 0, of: 1))
        }
        let dataset = Dataset(name: "ten", classes: ["a"], samples: samples)
        #expect(Split.all.indices(of: .train, in: dataset) == Array(0..<10))
        #expect(Split.all.indices(of: .validation, in: dataset).isEmpty)
        #expect(Split.all.indices(of: .test, in: dataset).isEmpty)
        try Split.all.check(dataset, path: "x")
    }

    @Test func wordsAndRecordsOfSplits() throws {
        for (word, json) in [("1", "1"), ("5", "5"), ("all", "\"all\"")] {
            let split = try #require(Split(word))
            #expect(split.description == word)
            let encoded = try JSONEncoder().encode([split])
            #expect(String(decoding: encoded, as: UTF8.self) == "[\(json)]")
            #expect(try JSONDecoder().decode([Split].self, from: encoded) == [split])
        }
        for word in ["0", "6", "01", "+1", "ALL", ""] { #expect(Split(word) == nil) }
        for json in ["[0]", "[6]", "[\"every\"]", "[1.5]"] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([Split].self, from: Data(json.utf8)) }
        }
    }

    @Test(arguments: [0, 6, -1])
    func otherSlicesAreRefused(slice: Int) {
        #expect(throws: SplitError(slice: slice)) { try Split(slice: slice) }
        #expect(SplitError(slice: slice).description == "the split is \(slice); expected a number from 1 to 5")
    }
}
