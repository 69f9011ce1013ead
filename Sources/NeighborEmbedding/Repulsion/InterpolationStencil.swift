import Numerics
import Foundation

extension InterpolationSpline {
    /// Whether all nodes around a position are on a mesh.
    static func isInside(_ place: SIMD2<Float>, _ mesh: InterpolationMesh) -> Bool {
        place.x >= Float(nodesBefore) && place.y >= Float(nodesBefore)
            && place.x < Float(mesh.usedColumns - order / 2) && place.y < Float(mesh.usedRows - order / 2)
    }

    /// The nodes around a point and their weights: the plain Swift counterpart of the C kernels.
    struct Stencil {
        /// The first of the nodes.
        let column: Int
        let row: Int
        let x: SIMD8<Float>
        let y: SIMD8<Float>
        /// The position between two nodes, minus 1/2.
        private let t: SIMD2<Float>

        init(x placeX: Float, y placeY: Float, table: AlignedBuffer<Float>) {
            column = Int(placeX) - nodesBefore
            row = Int(placeY) - nodesBefore
            t = SIMD2(placeX - placeX.rounded(.down), placeY - placeY.rounded(.down)) - 0.5
            x = weights(table, at: t.x)
            y = weights(table, at: t.y)
        }

        /// sin(2π place) along each axis.
        var sines: SIMD2<Float> { SIMD2(-sin(2 * Float.pi * t.x), -sin(2 * Float.pi * t.y)) }

        /// cos(2π place) along each axis.
        var cosines: SIMD2<Float> { SIMD2(-cos(2 * Float.pi * t.x), -cos(2 * Float.pi * t.y)) }

        /// The value and slope of the node values at the point.
        func read(
            _ nodes: UnsafeMutablePointer<Float>, stride: Int, table: AlignedBuffer<Float>
        ) -> (value: Float, slope: SIMD2<Float>) {
            let slopesX = weights(table, at: t.x, derivative: true)
            let slopesY = weights(table, at: t.y, derivative: true)
            var (value, slope) = (Float.zero, SIMD2<Float>.zero)
            for row in 0..<order {
                let source = nodes + (self.row + row) * stride + column
                for column in 0..<order {
                    value += y[row] * x[column] * source[column]
                    slope += SIMD2(y[row] * slopesX[column], slopesY[row] * x[column]) * source[column]
                }
            }
            return (value, slope)
        }
    }
}
