import Testing

@testable import NeuralNetwork

/// Which convolutions use Winograd's algorithm.
@Suite struct WinogradTests {
    private func shape(_ inputs: Int, _ outputs: Int, side: Int, kernel: Int = 3, stride: Int = 1) -> ConvolutionShape {
        ConvolutionShape(
            inputChannels: inputs, outputChannels: outputs, inputHeight: side, inputWidth: side, kernel: kernel,
            stride: stride, padding: kernel / 2)
    }

    @Test func theTableChooses() {
        #expect(shape(64, 64, side: 56).suitsWinograd(images: 1))
        #expect(shape(128, 32, side: 28).suitsWinograd(images: 1))
        #expect(shape(256, 256, side: 14).suitsWinograd(images: 4))
        #expect(!shape(256, 256, side: 14).suitsWinograd(images: 2))
        #expect(!shape(512, 512, side: 7).suitsWinograd(images: 64))
        #expect(!shape(48, 16, side: 32).suitsWinograd(images: 8))
        #expect(!shape(64, 64, side: 56, stride: 2).suitsWinograd(images: 8))
        #expect(!shape(64, 64, side: 56, kernel: 1).suitsWinograd(images: 8))
    }

    /// All passes are direct if the library lacks the algorithm or the precision rules it out.
    @Test func passesAreCounted() throws {
        let engine = try OneDNNEngine()
        func passes(_ purpose: ConvolutionPurpose) throws -> (all: Int, winograd: Int) {
            try OneDNNEngine.onOneThread { () throws(OneDNNError) in
                try ConvolutionPrimitives(shape(64, 64, side: 16), images: 4, purpose, engine)
            }.passes
        }
        // oneDNN 3 has no Winograd; oneDNN 2 has it only for AVX-512.
        let isThere = OneDNNVersion.loaded?.major == 2 && OneDNNEngine.lanes == 16
        #expect(try passes(ConvolutionPurpose(trains: false)) == (1, isThere ? 1 : 0))
        #expect(try passes(ConvolutionPurpose(trains: true)) == (3, isThere ? 3 : 0))
        #expect(try passes(ConvolutionPurpose(trains: true, winograd: false)).winograd == 0)
    }

    @Test func itCanBeSwitchedOff() {
        #expect(!Winograd.isAllowed(environment: ["PENUMBRA_WINOGRAD": "0"]))
        #expect(Winograd.isAllowed(environment: ["PENUMBRA_WINOGRAD": "1"]) && Winograd.isAllowed(environment: [:]))
    }
}
