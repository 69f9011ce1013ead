import PenumbraRuns
import ArgumentParser
import NeuralNetwork

extension Precision: ExpressibleByArgument {}

/// The precision of a network's convolutions, for commands that run one.
struct PrecisionOptions: ParsableArguments {
    @Option(
        help: """
            float32 or bf16. bf16 needs a processor with AVX512_BF16, keeps sums and weights in float32, and is faster only \
            where the processor multiplies bf16 at full rate.
            """)
    var precision = Precision.float32

    /// The precision, after checking that the processor supports it. Throws `PrecisionError`.
    func checked() throws -> Precision {
        try precision.check()
        return precision
    }
}
