/// Colour vision without one kind of cone, to preview a figure as such people see it.
///
/// The matrices are those of Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
/// deficiency", IEEE TVCG 15 (2009), table 1 at severity 1, which act on linear light.
public enum ColourVision: String, Sendable, CaseIterable {
    /// Without cones for medium wavelengths; together with its milder forms the most frequent: red and green look alike.
    case deutan
    /// Without cones for long wavelengths: red and green look alike, and red looks dark.
    case protan
    /// Without cones for short wavelengths, rare: blue and green look alike.
    case tritan

    private var rows: [SIMD3<Double>] {
        switch self {
        case .protan:
            [
                SIMD3(0.152286, 1.052583, -0.204868), SIMD3(0.114503, 0.786281, 0.099216),
                SIMD3(-0.003882, -0.048116, 1.051998),
            ]
        case .deutan:
            [
                SIMD3(0.367322, 0.860646, -0.227968), SIMD3(0.280085, 0.672501, 0.047413),
                SIMD3(-0.011820, 0.042940, 0.968881),
            ]
        case .tritan:
            [
                SIMD3(1.255528, -0.076749, -0.178779), SIMD3(-0.078411, 0.930809, 0.147602),
                SIMD3(0.004733, 0.691367, 0.303900),
            ]
        }
    }

    /// The colour as seen, clipped to the sRGB gamut.
    public func seen(_ colour: Colour) -> Colour {
        let (light, rows) = (colour.linear, rows)
        return Colour(linear: SIMD3((rows[0] * light).sum(), (rows[1] * light).sum(), (rows[2] * light).sum()))
    }

    /// The ellipses in the colours as seen.
    func seen(_ layer: GlyphLayer) -> GlyphLayer {
        var layer = layer
        for index in layer.glyphs.indices {
            layer.glyphs[index].fill = seen(layer.glyphs[index].fill)
            layer.glyphs[index].outline = seen(layer.glyphs[index].outline)
        }
        return layer
    }
}
