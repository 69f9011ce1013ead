import CCairo

extension TextBlock {
    /// A line as shown.
    struct Line: Equatable {
        /// The text shown, with `…` for what was cut.
        var text: String
        /// From the block's left edge, in points.
        var x: Double
        /// From the block's top, in points.
        var baseline: Double
    }

    /// The lines from top to bottom.
    var lines: [Line] {
        guard let iterator = pango_layout_get_iter(layout) else { return [] }
        defer { pango_layout_iter_free(iterator) }
        let bytes = Array(set.utf8)
        var lines: [Line] = []
        repeat {
            guard let line = pango_layout_iter_get_line_readonly(iterator) else { continue }
            var place = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &place)
            lines.append(
                Line(
                    text: Self.shown(line, of: bytes), x: Double(place.x) / Double(PANGO_SCALE),
                    baseline: Double(pango_layout_iter_get_baseline(iterator)) / Double(PANGO_SCALE)))
        } while pango_layout_iter_next_line(iterator) != 0
        return lines
    }

    /// The text of a line in reading order. Pango stores a line's runs from left to right.
    private static func shown(_ line: UnsafeMutablePointer<PangoLayoutLine>, of bytes: [UInt8]) -> String {
        var runs: [PangoItem] = []
        var next = line.pointee.runs
        while let node = next {
            if let run = node.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self), let item = run.pointee.item {
                runs.append(item.pointee)
            }
            next = node.pointee.next
        }
        return runs.sorted { $0.offset < $1.offset }.map { run in
            // PANGO_ANALYSIS_FLAG_IS_ELLIPSIS
            if run.analysis.flags & 2 != 0 { return "…" }
            return String(decoding: bytes[Int(run.offset)..<Int(run.offset + run.length)], as: UTF8.self)
        }.joined().trimmingTrailingSpaces
    }
}

extension String {
    /// The last space is not shown at a line break.
    fileprivate var trimmingTrailingSpaces: String {
        var end = self[...]
        while end.last == " " { end.removeLast() }
        return String(end)
    }
}
