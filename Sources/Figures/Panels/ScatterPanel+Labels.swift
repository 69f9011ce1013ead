import Foundation

extension ScatterPanel {
    /// The name of a class beside its densest position.
    struct ClusterLabel {
        var text: TextBlock
        var origin: CGPoint
        /// The position of the class's maximum density.
        var peak: CGPoint
        /// From the peak to the text, if the text is not on the peak.
        var leader: [CGPoint]?

        var box: CGRect { CGRect(origin: origin, size: text.size) }
    }

    /// The names of the classes that have points, the largest first, each at its densest position or as near to it as other
    /// names permit; a name for which there is no room at all is left out.
    func clusterLabels(in rectangle: CGRect, _ style: FigureStyle, _ typeface: Typeface) -> [ClusterLabel] {
        guard hasClusterLabels, let groups, points.count > 0 else { return [] }
        let places = places(in: rectangle, style)
        let clusters = groups.names.indices.compactMap { group -> (name: String, weight: Double, peak: CGPoint)? in
            let weights = groups.weights(of: group)
            let total = weights.reduce(0, +)
            if total <= 0 { return nil }
            let grid = DensityGrid(places, weights: weights, in: rectangle, bandwidth: bandwidth(in: rectangle))
            return (groups.names[group], total, grid.peak)
        }.sorted { $0.weight > $1.weight }
        let text = TextStyle(size: style.legendSize, isBold: true)
        let room = rectangle.insetBy(dx: 1.5, dy: 1.5)
        var labels: [ClusterLabel] = []
        for cluster in clusters {
            let block = TextBlock(cluster.name, limit: rectangle.width / 3, lines: 2, text.centred, typeface)
            let others = clusters.map(\.peak).filter { $0 != cluster.peak }
            func isFree(_ box: CGRect, sparing: [CGPoint]) -> Bool {
                room.contains(box) && !labels.contains { $0.box.insetBy(dx: -1, dy: -0.5).intersects(box) }
                    && !sparing.contains { box.contains($0) }
            }
            let boxes = Self.offsets.lazy.map { offset in
                CGRect(
                    x: cluster.peak.x + offset.x - block.size.width / 2 * (1 - offset.side),
                    y: cluster.peak.y + offset.y - block.size.height / 2, width: block.size.width,
                    height: block.size.height)
            }
            // A name that covers another class's peak is misleading, so that is a last resort.
            guard
                let box = boxes.first(where: { isFree($0, sparing: others) })
                    ?? boxes.first(where: { isFree($0, sparing: []) })
            else { continue }
            let near = CGPoint(
                x: min(max(cluster.peak.x, box.minX), box.maxX), y: min(max(cluster.peak.y, box.minY), box.maxY))
            let length = hypot(near.x - cluster.peak.x, near.y - cluster.peak.y)
            labels.append(
                ClusterLabel(
                    text: block, origin: box.origin, peak: cluster.peak,
                    leader: length > 2 ? [cluster.peak, near] : nil))
        }
        return labels
    }

    /// The possible positions of a text relative to the peak, nearest first: its centre on the peak, or its nearer end at a
    /// distance (`side` from -1, the right end, to 1, the left one).
    private static let offsets: [(x: Double, y: Double, side: Double)] = {
        var offsets = [(x: 0.0, y: 0.0, side: 0.0)]
        for distance in stride(from: 9.0, through: 150, by: 5) {
            for step in 0..<16 {
                let angle = Double(step) * .pi / 8
                offsets.append((distance * cos(angle), distance * sin(angle), cos(angle)))
            }
        }
        return offsets
    }()
}
