/// Colours for classes.
public enum ClassPalette {
    /// The eight colours of Okabe and Ito ("Color universal design", 2008), which stay apart for people who cannot tell
    /// red from green. They stand in an order in which each is as far in OKLab as can be from those before it, from
    /// vermillion and blue on, so that the mixtures of two or three classes differ too; black comes last.
    public static let okabeIto: [Colour] = [
        0xD55E00, 0x0072B2, 0xF0E442, 0x56B4E9, 0x009E73, 0xCC79A7, 0xE69F00, 0x000000,
    ].map(Colour.init(hex:))

    /// `count` colours: the first of Okabe and Ito's up to eight, and beyond these, one after another, the colour of a
    /// fixed set of candidates that is farthest in OKLab from all before it and from the paper. On a dark page white stands for black.
    ///
    /// The first n colours are the same whatever the count. Beyond some twenty, neighbours are hard to tell apart.
    /// - Complexity: O(`count`) distances for each of some 1,000 candidates.
    public static func colours(_ count: Int, on theme: FigureTheme = .light) -> [Colour] {
        precondition(count >= 0, "there is no palette of \(count) colours")
        // Black is not to be seen on a dark page.
        let first = okabeIto.map { $0 == .black && theme == .dark ? .white : $0 }
        var chosen = Array(first.prefix(count))
        if chosen.count == count { return chosen }
        let candidates = Self.candidates()
        var distances = candidates.map { candidate in
            (chosen + [theme.paper]).map { OKLab($0).distance(to: candidate) }.min()!
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

    /// Colours on a regular grid of lightness, chroma and hue, as far as sRGB can show them.
    private static func candidates() -> [OKLab] {
        var candidates: [OKLab] = []
        for lightness in stride(from: 0.32, through: 0.86, by: 0.06) {
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
