/// How the images of a tile lie in scratch memory; distances in floats.
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
