import CKernels
import Determinism

/// The inner products of the rows of a matrix with each other, block by block.
///
/// An own kernel rather than OpenBLAS, because Debian's takes its slowest one on processors younger than itself (20
/// GFLOP/s a thread on Sapphire Rapids, where this reaches about 100), and because every element here is one sum in one
/// order, whatever block it is in.
final class RowProducts {
    private let features: CenteredFeatures
    private let kernels: KernelPath
    private let panelWidth: Int
    /// The rows once more, in panels whose points lie side by side; the last is filled up with zeros.
    private let packed: AlignedBuffer<Float>

    /// - Complexity: O(N D) time and memory.
    init(_ features: CenteredFeatures, threads: ThreadCount, kernels: KernelPath) {
        self.features = features
        self.kernels = kernels
        guard let code = kernels.code else {
            panelWidth = 1
            packed = AlignedBuffer(count: 0)
            return
        }
        let width = Int(penumbra_tsne_panel_width(code))
        let panels = (features.count + width - 1) / width
        panelWidth = width
        packed = AlignedBuffer(count: panels * width * features.stride)
        let (count, stride) = (features.count, features.stride)
        nonisolated(unsafe) let (source, target) = (features.rows.base, packed.base)
        threads.forEachRange(of: panels) { range in
            for panel in range {
                for lane in 0..<min(width, count - panel * width) {
                    let row = source + (panel * width + lane) * stride
                    let columns = target + panel * width * stride + lane
                    for column in 0..<stride { columns[column * width] = row[column] }
                }
            }
        }
    }

    /// Writes the products of `rows` with `columns` (both ranges of points), row after row, `stride` numbers apart.
    ///
    /// `columns` begins at a multiple of 32; `stride` is a multiple of 32 and no less than its length.
    func compute(rows: Range<Int>, columns: Range<Int>, into products: UnsafeMutablePointer<Float>, stride: Int) {
        let length = features.stride
        if let code = kernels.code {
            let panels = (columns.count + panelWidth - 1) / panelWidth
            return penumbra_tsne_products(
                code, features.rows.base + rows.lowerBound * length, Int64(length), Int64(rows.count),
                packed.base + columns.lowerBound * length, Int64(panels), products, Int64(stride))
        }
        for (slot, row) in rows.enumerated() {
            for (place, column) in columns.enumerated() {
                var sum: Float = 0
                for feature in 0..<length {
                    sum += features.rows[row * length + feature] * features.rows[column * length + feature]
                }
                products[slot * stride + place] = sum
            }
        }
    }
}
