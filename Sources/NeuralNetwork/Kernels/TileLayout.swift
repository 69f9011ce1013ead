/// How the images of a tile lie in scratch memory; distances in elements.
struct TileLayout {
    /// Between images.
    let image: Int
    /// Between blocks of channels.
    let block: Int
    /// Between rows of `run` positions.
    let row: Int
    /// Positions that follow each other.
    let run: Int

    /// Image follows image, as in a map: each of `channels` channels.
    static func separate(channels: Int, positions: Int, lanes: Int) -> TileLayout {
        TileLayout(image: channels * positions, block: positions * lanes, row: 0, run: positions)
    }

    /// Block follows block, each with its channels of all images: one image, whose rows are the images.
    static func merged(images: Int, positions: Int, lanes: Int) -> TileLayout {
        TileLayout(image: positions * lanes, block: images * positions * lanes, row: 0, run: positions)
    }

    /// Block follows block, each with the images side by side: one image, with a column of zeros behind each image, so
    /// that a 3 × 3 convolution of one does not see the next.
    static func spaced(images: Int, height: Int, width: Int, lanes: Int) -> TileLayout {
        let row = images * (width + 1) * lanes
        return TileLayout(image: (width + 1) * lanes, block: height * row, row: row, run: width)
    }
}

extension TileLayout {
    /// Lays images of `map`, which follow each other at `source`, out so. Columns of zeros are the caller's.
    func merge<Element>(
        _ source: UnsafePointer<Element>, of map: FeatureMap, images: Int, lanes: Int,
        into target: UnsafeMutablePointer<Element>
    ) {
        forEachRun(of: map, images: images, lanes: lanes) { separate, merged, count in
            (target + merged).update(from: source + separate, count: count)
        }
    }

    /// Lays images of `map` out so, rounded to bf16. Columns of zeros are the caller's.
    func round(
        _ source: UnsafePointer<Float>, of map: FeatureMap, images: Int, lanes: Int,
        into target: UnsafeMutablePointer<UInt16>
    ) {
        forEachRun(of: map, images: images, lanes: lanes) { separate, merged, count in
            ParameterKernels.preferred.round(source + separate, into: target + merged, count: count)
        }
    }

    /// The way back of `merge`, which overwrites or adds.
    func separate(
        _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, of map: FeatureMap, images: Int,
        lanes: Int, accumulate: Bool
    ) {
        guard accumulate else { return separate(source, into: target, of: map, images: images, lanes: lanes) }
        forEachRun(of: map, images: images, lanes: lanes) { separate, merged, count in
            ParameterKernels.preferred.add(source + merged, to: target + separate, count: count)
        }
    }

    /// The way back of `merge`.
    func separate<Element>(
        _ source: UnsafePointer<Element>, into target: UnsafeMutablePointer<Element>, of map: FeatureMap, images: Int,
        lanes: Int
    ) {
        forEachRun(of: map, images: images, lanes: lanes) { separate, merged, count in
            (target + separate).update(from: source + merged, count: count)
        }
    }

    /// Calls `body` with the place in a map, and in a tile that lies so, of every row of every block of every image, and
    /// its elements.
    private func forEachRun(of map: FeatureMap, images: Int, lanes: Int, _ body: (Int, Int, Int) -> Void) {
        let count = run * lanes, rows = map.positions / run
        for image in 0..<images {
            for channels in 0..<map.channels / lanes {
                let start = image * map.imageCount + channels * map.positions * lanes
                for number in 0..<rows {
                    body(start + number * count, image * self.image + channels * block + number * row, count)
                }
            }
        }
    }
}
