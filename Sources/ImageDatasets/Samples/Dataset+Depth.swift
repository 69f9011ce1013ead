import RasterImages

extension Dataset {
    /// A remark if the images are PNGs with 16 bits per channel that use only the lowest quarter of the range, as 10, 12 or 14
    /// bits from a camera or microscope do: they are read as nearly black. Nil otherwise, or if one of the images that are
    /// looked at, at most 16, cannot be read.
    /// - Complexity: decodes at most 16 images, and only deep ones.
    var remarkOnDepth: String? {
        let step = max(1, samples.count / 16)
        let some = stride(from: 0, to: samples.count, by: step).prefix(16).map { samples[$0] }
        var brightest: UInt8 = 0
        for sample in some {
            guard sample.record == nil,
                let level = (try? RGBImage.brightestLevel(ofDeepPNG: sample.imageURL)) ?? nil
            else { return nil }
            brightest = max(brightest, level)
            if brightest > 64 { return nil }
        }
        if brightest == 0 { return nil }
        let share = Int((255 / Double(brightest)).rounded())
        return
            "warning: PNGs of 16 bits per channel that use at most 1/\(share) of the range (10 to 14 bits?): they are "
            + "read as nearly black; multiply their values, or write them with 8 bits (\(some.count) images looked at)"
    }
}
