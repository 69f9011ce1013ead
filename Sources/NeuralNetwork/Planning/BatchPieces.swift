import Numerics

/// How a batch is cut into pieces. Each piece gathers its own sums (batch statistics, gradients), which are then added
/// in the order of the pieces. So every rounding depends on the pieces, not on the threads or processes that work on
/// them.
public struct BatchPieces: Sendable, Equatable {
    /// Pieces of the whole batch.
    public let count: Int
    /// The pieces that this process works on; other processes have the rest.
    public let own: Range<Int>
    /// Whether a piece is the same images in every layer. Else each layer deals its own tiles to the pieces, as even as
    /// can be.
    let isFixed: Bool

    /// One piece per thread, whose images differ from layer to layer with the tiles. This takes the least memory.
    public static func perThread(_ threads: ThreadCount) -> BatchPieces {
        BatchPieces(count: threads.count, own: 0..<threads.count, isFixed: false)
    }

    /// `count` pieces of fixed images, of which this process has `own`, or all where that is nil.
    public static func fixed(_ count: Int, own: Range<Int>? = nil) -> BatchPieces {
        precondition(count >= 1 && own.map { !$0.isEmpty && (0...count).contains($0.upperBound) } ?? true)
        return BatchPieces(count: count, own: own ?? 0..<count, isFixed: true)
    }

    /// The images of a fixed piece of a batch of `count`: divided as evenly as possible, none if there are fewer images
    /// than pieces.
    public func images(ofPiece piece: Int, of count: Int) -> Range<Int> {
        count * piece / self.count..<count * (piece + 1) / self.count
    }

    /// The images of this process's pieces.
    public func ownImages(of count: Int) -> Range<Int> {
        isFixed
            ? images(ofPiece: own.lowerBound, of: count)
                .lowerBound..<images(ofPiece: own.upperBound - 1, of: count).upperBound : 0..<count
    }
}

/// One row of numbers for each piece of a batch.
///
/// Each piece's row is written by the thread that works on the piece; the rows of other processes' pieces come by a
/// `BatchExchange`, and are zeros where there is none.
package final class PieceSums {
    /// Numbers in a row.
    package let width: Int
    /// The rows one behind the other, in the pieces' order.
    package let values: UnsafeMutablePointer<Double>
    private let pieces: Int

    init(pieces: Int, width: Int) {
        self.pieces = pieces
        self.width = width
        values = .allocate(capacity: pieces * width)
        clear()
    }

    deinit { values.deallocate() }

    func clear() { values.initialize(repeating: 0, count: pieces * width) }

    /// The row of a piece, numbered among those of the whole batch.
    func row(_ piece: Int) -> UnsafeMutablePointer<Double> { values + piece * width }
}
