import Testing

@testable import NeuralNetwork

/// Properties that hold for every version of oneDNN.
@Suite struct OneDNNLayoutTests {
    /// oneDNN 3 silently computes a wrong weight gradient for 3 × 3 convolutions whose input is a channel slice of a larger
    /// buffer. So every layout must be that of a whole tensor.
    @Test(arguments: [1, 3]) func convolutionsReadWholeTensors(kernel: Int) throws {
        let engine = try OneDNNEngine()
        let shape = ConvolutionShape(
            inputChannels: 32, outputChannels: 64, inputHeight: 6, inputWidth: 5, kernel: kernel, stride: 1,
            padding: kernel / 2, hasBias: true)
        let primitives = try OneDNNEngine.onOneThread { () throws(OneDNNError) in
            try ConvolutionPrimitives(shape, images: 2, ConvolutionPurpose(trains: true), engine)
        }
        for layout in [primitives.inputLayout, primitives.inputGradientLayout] {
            #expect(layout.byteCount == 2 * 32 * 6 * 5 * 4)
        }
        for layout in [primitives.outputLayout, primitives.outputGradientLayout] {
            #expect(layout.byteCount == 2 * 64 * 6 * 5 * 4)
        }
        #expect(primitives.weightLayout.byteCount == 64 * 32 * kernel * kernel * 4)
        #expect(primitives.biasLayout?.byteCount == 64 * 4)
    }

    @Test func layoutsAreCompared() throws {
        let layout = try OneDNNLayout([2, 16, 3, 3], .images)
        #expect(layout.isEqual(to: try OneDNNLayout([2, 16, 3, 3], .images)))
        #expect(!layout.isEqual(to: try OneDNNLayout([2, 16, 3, 3], .blocked(lanes: 8))))
        #expect(!layout.isEqual(to: try OneDNNLayout([2, 16, 3, 4], .images)))
        #expect(throws: OneDNNError.self) { try OneDNNLayout([2, 16], .images) }
    }

    @Test func theVersionIsKnown() throws {
        let version = try #require(OneDNNVersion.loaded)
        #expect(version.major == 2 || version.major == 3)
        #expect(
            OneDNNError(operation: "x", status: 100).description.hasPrefix("this program was built without oneDNN"))
        #expect(OneDNNError(operation: "x", status: 101).description.contains("oneDNN \(version) was found"))
        #expect(OneDNNError(operation: "make x", status: 3).description == "oneDNN could not make x: unimplemented")
    }
}
