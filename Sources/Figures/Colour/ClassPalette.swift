/// Colours for classes: some fixed ones, and as many more as needed.
///
/// Beyond the fixed colours each class in turn gets, from a fixed set of candidates, the colour farthest in OKLab from all
/// before it and from light and dark paper, following Glasbey et al. ("Colour displays for categorical images", 2007). The
/// candidates are of medium lightness, so that no class looks heavier than the others.
public struct ClassPalette: Sendable, Equatable {
    /// The colours of the first classes, in order.
    public let leading: [Colour]
    /// The colours of the classes with these names, whatever their positions.
    public let named: [String: Colour]
    /// Whether the classes of the shapes set have the colours of their objects.
    private let knowsShapes: Bool

    /// A palette with these colours for the first classes and for the named classes.
    public init(leading: [Colour] = [], named: [String: Colour] = [:]) {
        self.init(leading, named, knowsShapes: false)
    }

    private init(_ leading: [Colour], _ named: [String: Colour] = [:], knowsShapes: Bool) {
        self.leading = leading
        self.named = named
        self.knowsShapes = knowsShapes
    }

    /// The colours of `okabeIto`; if all classes are those of the shapes set, the colours of their objects.
    public static let standard = ClassPalette(okabeIto.leading, knowsShapes: true)

    /// The colours of Okabe and Ito ("Color universal design", 2008), which remain distinct for people who cannot tell red from
    /// green; without black, which is invisible on dark paper. They are ordered so that each is as far in OKLab as possible
    /// from those before it, beginning with vermillion and blue, so that mixtures of two or three classes differ too.
    public static let okabeIto = ClassPalette(
        leading: [0xD55E00, 0x0072B2, 0xF0E442, 0x56B4E9, 0x009E73, 0xCC79A7, 0xE69F00].map(Colour.init(hex:)))

    /// The ten colours of Tableau 10, as in matplotlib.
    public static let tab10 = ClassPalette(
        leading: [
            0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x7F7F7F, 0xBCBD22, 0x17BECF,
        ].map(Colour.init(hex:)))

    /// The twenty colours of Tableau 20, as in matplotlib: each colour of `tab10` followed by a light one of its hue.
    public static let tab20 = ClassPalette(
        leading: [
            0x1F77B4, 0xAEC7E8, 0xFF7F0E, 0xFFBB78, 0x2CA02C, 0x98DF8A, 0xD62728, 0xFF9896, 0x9467BD, 0xC5B0D5,
            0x8C564B, 0xC49C94, 0xE377C2, 0xF7B6D2, 0x7F7F7F, 0xC7C7C7, 0xBCBD22, 0xDBDB8D, 0x17BECF, 0x9EDAE5,
        ].map(Colour.init(hex:)))

    /// Every colour is as far as possible from those before it.
    public static let glasbey = ClassPalette()

    /// The palettes that users can name.
    public static let known = [
        (name: "okabe-ito", palette: okabeIto), (name: "tab10", palette: tab10), (name: "tab20", palette: tab20),
        (name: "glasbey", palette: glasbey),
    ]

    /// One colour for each of `classes`, the same on light and on dark paper.
    /// - Complexity: O(classes) distances for each of about 1,000 candidates.
    public func colours(of classes: [String]) -> [Colour] {
        if knowsShapes, !classes.isEmpty {
            let shapes = classes.compactMap(Self.shape)
            if shapes.count == classes.count { return shapes }
        }
        let unnamed = classes.count { named[$0] == nil }
        var rest = colours(unnamed)[...]
        return classes.map { named[$0] ?? rest.removeFirst() }
    }

    /// The colours of the first `count` classes that are not named. The first n are the same whatever the count. Beyond about
    /// twenty, similar colours are hard to tell apart.
    func colours(_ count: Int) -> [Colour] {
        precondition(count >= 0, "there is no palette of \(count) colours")
        var chosen = Array(leading.prefix(count))
        if chosen.count == count { return chosen }
        let candidates = Self.candidates()
        let taken = chosen + Array(named.values) + FigureTheme.allCases.map(\.paper)
        var distances = candidates.map { candidate in
            taken.map { OKLab($0).distance(to: candidate) }.min()!
        }
        while chosen.count < count {
            let farthest = distances.indices.max { distances[$0] < distances[$1] }!
            let colour = candidates[farthest]
            chosen.append(colour.colour)
            for index in distances.indices {
                distances[index] = min(distances[index], colour.distance(to: candidates[index]))
            }
        }
        return chosen
    }

    /// The colour of a class of the shapes set, whose name is its hue (`r`, `g`, `b`) and its shape (`c` for a circle, `e`
    /// for an ellipse, which is darker); nil for other names.
    private static func shape(_ name: String) -> Colour? {
        guard let hue = ["r": 0.0, "g": 120, "b": 240][name.prefix(1)],
            let share = ["c": 0.4, "e": 0.8][name.dropFirst()]
        else { return nil }
        return EllipseShareTone.colour(hue: hue, ellipseShare: share)
    }

    /// Colours on a regular grid of lightness, chroma and hue, as far as they are in the sRGB gamut.
    private static func candidates() -> [OKLab] {
        var candidates: [OKLab] = []
        for lightness in stride(from: 0.5, through: 0.801, by: 0.06) {
            for chroma in stride(from: 0.06, through: 0.27, by: 0.03) {
                for step in 0..<36 {
                    let colour = OKLab(
                        lightness: lightness, chroma: chroma, hueAngle: Double(step) * .pi / 18)
                    if colour.isInGamut { candidates.append(colour) }
                }
            }
        }
        return candidates
    }
}
