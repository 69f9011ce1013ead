/// Where each pixel of an image goes when it is mirrored and turned: row y, column x to `origin + y · rowStep +
/// x · columnStep` in a plane of `side` × `side` values.
struct ImagePlacement {
    let origin: Int
    let rowStep: Int
    let columnStep: Int

    init(_ choice: Augmentation.Choice, side: Int) {
        // The unit vectors of the source's columns and rows in the target.
        var (columnX, columnY, rowX, rowY) = (1, 0, 0, 1)
        if choice.flipsHorizontally { columnX = -1 }
        if choice.flipsVertically { rowY = -1 }
        for _ in 0..<choice.quarterTurns {
            // Clockwise with y running down: right becomes down, down becomes left.
            (columnX, columnY) = (-columnY, columnX)
            (rowX, rowY) = (-rowY, rowX)
        }
        // Whichever of the two vectors points left (up) says that the source's first pixel lands at the right (bottom).
        let x = columnX + rowX < 0 ? side - 1 : 0
        let y = columnY + rowY < 0 ? side - 1 : 0
        origin = y * side + x
        rowStep = rowY * side + rowX
        columnStep = columnY * side + columnX
    }
}
