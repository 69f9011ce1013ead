import ArgumentParser
import NeuralNetwork

extension Precision: ExpressibleByArgument {}

/// What a network's convolutions multiply, for commands that run one.
struct PrecisionOptions: ParsableArguments {
    @Option(
        help: """
            float32, or bf16 (faster; sums and weights between steps stay float32), where the processor has AVX512_BF16.
            """)
    var precision = Precision.float32

    /// The precision, once it is known that the processor has it. Throws `PrecisionError`.
    func checked() throws -> Precision {
        try precision.check()
        return precision
    }
}
