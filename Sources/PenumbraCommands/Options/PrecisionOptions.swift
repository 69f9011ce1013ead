import PenumbraRuns
import ArgumentParser
import NeuralNetwork

extension Precision: ExpressibleByArgument {}

/// What a network's convolutions multiply, for commands that run one.
struct PrecisionOptions: ParsableArguments {
    @Option(
        help: """
            float32 or bf16. bf16 needs a processor with AVX512_BF16, keeps sums and weights in float32, and is faster only \
            where the processor multiplies bf16 at full rate.
            """)
    var precision = Precision.float32

    /// The precision, once it is known that the processor has it. Throws `PrecisionError`.
    func checked() throws -> Precision {
        try precision.check()
        return precision
    }
}
