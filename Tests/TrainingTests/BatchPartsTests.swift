import Testing

@testable import NeuralNetwork
@testable import Training

@Suite struct BatchPartsTests {
    /// Plans parts of at most `most` images.
    func fit(_ batch: Int, parts: Int? = nil, most: Int) throws -> [Int] {
        let result = try BatchParts.fit(batch: batch, parts: parts) { images in
            if images > most {
                throw NetworkMemoryError(
                    needed: images, available: most, batch: images,
                    image: ImageShape(channels: 3, height: 32, width: 32))
            }
            return images
        }
        return [result.planned, result.parts]
    }

    @Test func asFewPartsAsTheMemoryHolds() throws {
        #expect(try fit(128, most: 128) == [128, 1])
        #expect(try fit(128, most: 127) == [64, 2])
        #expect(try fit(100, most: 13) == [13, 8])
        #expect(try fit(5, most: 1) == [1, 5])
        #expect(try fit(128, parts: 4, most: 128) == [32, 4])
        #expect(try fit(3, parts: 8, most: 128) == [1, 3])
    }

    @Test func noPartFits() {
        #expect(throws: NetworkMemoryError.self) { try fit(5, most: 0) }
        #expect(throws: NetworkMemoryError.self) { try fit(128, parts: 2, most: 63) }
    }

    @Test func partsAreEvenAndWhole() {
        #expect(BatchParts.ranges(count: 10, parts: 3) == [0..<3, 3..<6, 6..<10])
        #expect(BatchParts.ranges(count: 2, parts: 3) == [0..<1, 1..<2])
        for count in 1...40 {
            for parts in 1...9 {
                let ranges = BatchParts.ranges(count: count, parts: parts)
                #expect(ranges.flatMap(Array.init) == Array(0..<count))
                #expect(ranges.allSatisfy { !$0.isEmpty && $0.count <= (count + parts - 1) / parts })
            }
        }
    }
}
