import Foundation
import Testing

@testable import ImageDatasets

struct AugmentationTests {
    private let identity = ChannelNormalization(mean: [0, 0, 0], deviation: [1, 1, 1])

    private func write(
        _ planes: [UInt8], side: Int, _ choice: Augmentation.Choice, _ normalization: ChannelNormalization? = nil
    ) -> [Float] {
        var values = [Float](repeating: .nan, count: planes.count)
        let writer = ImageWriter(side: side, normalization: normalization ?? identity)
        values.withUnsafeMutableBufferPointer { writer.write(planes, as: choice, to: $0.baseAddress!) }
        return values
    }

    @Test func flipsAndTurnsMovePixels() {
        let side = 3
        let planes = (0..<27).map { UInt8($0 * 9) }
        for turns in 0..<4 {
            for flips in 0..<4 {
                var choice = Augmentation.Choice()
                choice.flipsHorizontally = flips & 1 == 1
                choice.flipsVertically = flips & 2 == 2
                choice.quarterTurns = turns
                var expected: [Float] = []
                for channel in 0..<3 {
                    var rows = (0..<3).map { y in (0..<3).map { x in planes[(channel * 3 + y) * 3 + x] } }
                    if choice.flipsHorizontally { rows = rows.map { $0.reversed() } }
                    if choice.flipsVertically { rows.reverse() }
                    // Clockwise: the new first row is the old first column, read upwards.
                    for _ in 0..<turns { rows = (0..<3).map { x in rows.reversed().map { $0[x] } } }
                    expected += rows.joined().map { Float($0) / 255 }
                }
                let found = write(planes, side: side, choice)
                for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6) }
            }
        }
    }

    /// The linear picture f(x, y) = 10 + 20 x + 30 y equals its bilinear interpolation, so the crop must show it enlarged
    /// exactly.
    @Test func zoomEnlargesTheCutOut() {
        let side = 4
        let plane: [UInt8] = [10, 30, 50, 70, 40, 60, 80, 100, 70, 90, 110, 130, 100, 120, 140, 160]
        var choice = Augmentation.Choice()
        choice.crop = (x: 0.125, y: 0.0625, side: 0.8125)
        let found = write(plane + plane + plane, side: side, choice, .plusMinusOne)
        for y in 0..<side {
            for x in 0..<side {
                let oldX = (Double(x) + 0.5) * 0.8125
                let oldY = (Double(y) + 0.5) * 0.8125 - 0.25
                let value: Double = 10 + 20 * min(max(oldX, 0), 3) + 30 * min(max(oldY, 0), 3)
                let expected = value / 255 * 2 - 1
                for channel in 0..<3 {
                    #expect(abs(Double(found[(channel * side + y) * side + x]) - expected) < 2e-6)
                }
            }
        }
    }

    @Test func zoomMovesWithFlipsAndTurns() {
        let side = 8
        let planes = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 37) }
        var choice = Augmentation.Choice()
        choice.crop = (x: 0.05, y: 0.1, side: 0.85)
        let straight = write(planes, side: side, choice)
        choice.flipsHorizontally = true
        let mirrored = write(planes, side: side, choice)
        for index in 0..<192 {
            let (row, x) = (index / side, index % side)
            #expect(mirrored[row * side + side - 1 - x] == straight[index])
        }
    }

    @Test func choicesAreFunctionsOfSeedEpochAndSample() {
        let augmentation = Augmentation()
        let choices = (0..<2000).map { augmentation.choice(seed: 1, epoch: 4, sample: $0) }
        #expect(choices[17] == augmentation.choice(seed: 1, epoch: 4, sample: 17))
        #expect(choices[17] != augmentation.choice(seed: 1, epoch: 5, sample: 17))
        #expect(choices[17] != augmentation.choice(seed: 2, epoch: 4, sample: 17))
        // For 2000 draws, five standard deviations are 112 at probability 1/2 and 97 at 1/4.
        #expect(abs(choices.count(where: \.flipsHorizontally) - 1000) < 112)
        #expect(abs(choices.count(where: \.flipsVertically) - 1000) < 112)
        for turns in 0..<4 { #expect(abs(choices.count { $0.quarterTurns == turns } - 500) < 97) }
        #expect(choices.allSatisfy { (0.8..<1).contains($0.crop.side) && $0.crop.x + $0.crop.side <= 1 })
        #expect(choices.allSatisfy { $0.crop.y >= 0 && $0.crop.y + $0.crop.side <= 1 && $0.jitterFactors == nil })
        #expect(choices.map(\.crop.side).max()! > 0.995 && choices.map(\.crop.side).min()! < 0.805)
    }

    /// Oracle: torchvision's `RandomCrop(4, padding=2)`, a window of the image with two black rows and columns around it.
    @Test func aShiftedFrameIsPaddedWithBlack() {
        let side = 4
        let planes = (1...48).map { UInt8($0 * 5) }
        for x in -6...6 {
            for y in [-5, -2, 0, 1, 4] {
                var choice = Augmentation.Choice()
                choice.shift = (x, y)
                let found = write(planes, side: side, choice, .plusMinusOne)
                for channel in 0..<3 {
                    for (row, column) in (0..<16).map({ ($0 / 4, $0 % 4) }) {
                        let (oldRow, oldColumn) = (row + y, column + x)
                        let isInside = (0..<4).contains(oldRow) && (0..<4).contains(oldColumn)
                        let byte = isInside ? planes[(channel * 4 + oldRow) * 4 + oldColumn] : 0
                        let value = found[(channel * 4 + row) * 4 + column]
                        #expect(abs(value - (Float(byte) / 255 * 2 - 1)) < 1e-6)
                    }
                }
            }
        }
    }

    @Test func paddingMovesTheFrameAndNothingElse() {
        let padded = Augmentation(padding: 4), plain = Augmentation()
        let choices = (0..<2000).map { padded.choice(seed: 1, epoch: 2, sample: $0) }
        for place in -4...4 {
            // For 2000 draws over nine positions, five standard deviations are 71.
            #expect(abs(choices.count { $0.shift.x == place } - 222) < 71)
            #expect(abs(choices.count { $0.shift.y == place } - 222) < 71)
        }
        #expect(choices.allSatisfy { abs($0.shift.x) <= 4 && abs($0.shift.y) <= 4 })
        var still = choices[7]
        still.shift = (0, 0)
        #expect(still == plain.choice(seed: 1, epoch: 2, sample: 7))
    }

    @Test func switchesActAlone() {
        let all = Augmentation(jitter: ColorJitter(brightness: 0.4, contrast: 0.3, saturation: 0.2))
        let one = Augmentation(orientation: .upright, zoom: nil)
        for sample in 0..<50 {
            let (full, part) = (
                all.choice(seed: 3, epoch: 0, sample: sample), one.choice(seed: 3, epoch: 0, sample: sample)
            )
            #expect(full.flipsHorizontally == part.flipsHorizontally)
            #expect(part.quarterTurns == 0 && !part.flipsVertically && part.crop == (0, 0, 1))
            #expect(Augmentation.none.choice(seed: 3, epoch: 0, sample: sample) == Augmentation.Choice())
            let factors = full.jitterFactors ?? []
            #expect(factors.count == 3)
            for (factor, strength) in zip(factors, [0.4, 0.3, 0.2]) { #expect(abs(factor - 1) <= Float(strength)) }
        }
    }

    @Test func jitterChangesBrightnessContrastAndSaturation() {
        let planes: [UInt8] = [200, 10, 90, 40, 30, 250, 60, 120, 0, 255, 128, 77]
        var choice = Augmentation.Choice()
        choice.jitterFactors = [1, 1, 1]
        let plain = write(planes, side: 2, choice)
        for (found, byte) in zip(plain, planes) { #expect(abs(found - Float(byte) / 255) < 1e-6) }

        choice.jitterFactors = [1.2, 0.7, 0.4]
        let found = write(planes, side: 2, choice, .imageNet)
        func cut(_ value: Double) -> Double { min(max(value, 0), 1) }
        func luminance(_ c: [Double]) -> Double { 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] }
        var pixels = (0..<4).map { pixel in (0..<3).map { cut(Double(planes[$0 * 4 + pixel]) / 255 * 1.2) } }
        let mean = pixels.map(luminance).reduce(0, +) / 4
        pixels = pixels.map { $0.map { cut(mean + ($0 - mean) * 0.7) } }
        pixels = pixels.map { color in color.map { cut(luminance(color) + ($0 - luminance(color)) * 0.4) } }
        for pixel in 0..<4 {
            for channel in 0..<3 {
                let normalization = ChannelNormalization.imageNet
                let expected =
                    (pixels[pixel][channel] - Double(normalization.mean[channel]))
                    / Double(normalization.deviation[channel])
                #expect(abs(Double(found[channel * 4 + pixel]) - expected) < 1e-5)
            }
        }
    }
}
