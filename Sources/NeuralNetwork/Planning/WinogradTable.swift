import Foundation

/// Winograd's algorithm for convolutions.
public enum Winograd {
    /// Whether it may be used. Setting the environment variable `PENUMBRA_WINOGRAD` to 0 forbids it, so that a library
    /// that has it gives the same bytes as one without it.
    public static let isAllowed = isAllowed(environment: ProcessInfo.processInfo.environment)

    static func isAllowed(environment: [String: String]) -> Bool { environment["PENUMBRA_WINOGRAD"] != "0" }
}

extension ConvolutionShape {
    /// Whether oneDNN's Winograd primitives for float32, which multiply 2.25 to 4 times fewer numbers than a direct 3 × 3
    /// convolution, are faster on a tile of this many images.
    ///
    /// They cut maps into squares of 4 × 4, transform all weights anew in every execution and let squares that reach over
    /// the edge go to waste. So maps, channels and tiles must not be too small. The rule is fixed, since a race on the machine
    /// would make bytes depend on it. It holds for all three passes; measured with oneDNN 2.6.3 on a Zen 5 core with AVX-512,
    /// each pass alone at the tiles that layers choose, times as fast as direct:
    ///
    /// | channels, side, images | forward | input's gradient | weight's gradient |
    /// | --- | --- | --- | --- |
    /// | 128 → 32, 56, 1 | 1.44 | 1.95 | 2.26 |
    /// | 128 → 32, 28, 2 | 2.10 | 2.01 | 2.16 |
    /// | 128 → 32, 14, 8 | 1.46 | 1.51 | 1.44 |
    /// | 128 → 32, 16, 8 | 1.89 | 1.95 | 1.91 |
    /// | 128 → 32, 8, 32 | 1.56 | 1.78 | 1.92 |
    /// | 64 → 64, 56, 1 | 2.42 | 2.39 | 2.57 |
    /// | 128 → 128, 28, 2 | 2.29 | 2.21 | 2.42 |
    /// | 256 → 256, 14, 8 | 1.83 | 1.84 | 2.16 |
    /// | 256 → 256, 8, 32 | 2.22 | 2.15 | 2.61 |
    /// | 192 → 48, 14, 2 (too few squares) | 1.05 | 1.06 | 1.54 |
    /// | 512 → 512, 7, 4 (too small a map) | 0.88 | 0.85 | 1.15 |
    /// | 256 → 256, 4, 16 (too small a map) | 0.94 | 0.82 | 1.52 |
    /// | 16 → 16, 32, 32 (too few channels) | 1.07 | 0.75 | 1.20 |
    ///
    /// The result is up to 2e-6 of its norm away from the direct one, the weight's gradient up to 5e-6.
    func suitsWinograd(images: Int) -> Bool {
        let squares = images * ((outputHeight + 3) / 4) * ((outputWidth + 3) / 4)
        return kernel == 3 && stride == 1 && padding == 1 && groups == 1 && min(inputHeight, inputWidth) >= 8
            && min(inputChannels, outputChannels) >= 32 && squares >= 48
    }
}
