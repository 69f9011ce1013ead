/// The other addend of a residual sum: a map that a convolution's output is added to.
///
/// The sum lies in the addend's memory where nobody needs the addend any more (in evaluation, or where no layer
/// normalises it); else the addend is copied before the convolution adds to it. The gradient of a sum is that of its
/// addends, so that an addend of the same size has its gradient in the sum's memory, and what its other readers bring is
/// added there.
final class Shortcut {
    let addend: FeatureMap
    private let sum: FeatureMap
    private let kernels: BlockedKernels

    /// - Parameters:
    ///   - addend: of the size of `sum`, or of a size of which every second position of every second row is taken.
    ///   - trains: whether a backward pass will want the addend's values.
    init(_ addend: FeatureMap, into sum: FeatureMap, trains: Bool, _ kernels: BlockedKernels) {
        self.addend = addend
        self.sum = sum
        self.kernels = kernels
        if isIdentity {
            addend.gradientHome = sum
            if !trains || !addend.isNormalized { sum.valuesHome = addend }
        }
    }

    private var isIdentity: Bool { addend.positions == sum.positions }

    /// Brings the addend of some images to the place of their sum.
    func place(_ images: Range<Int>) {
        let source = addend.values + images.lowerBound * addend.imageCount
        let target = sum.values + images.lowerBound * sum.imageCount
        if !isIdentity {
            kernels.subsample(
                source, into: target, planes: planes(images), height: addend.height, width: addend.width)
        } else if sum.valuesHome == nil {
            target.update(from: source, count: images.count * sum.imageCount)
        }
    }

    /// Writes the addend's gradient of some images, whose sum's is complete.
    func backward(_ images: Range<Int>) {
        if isIdentity { return }
        kernels.subsampleBackward(
            sum.gradient + images.lowerBound * sum.imageCount,
            into: addend.gradient + images.lowerBound * addend.imageCount, planes: planes(images),
            height: addend.height, width: addend.width)
    }

    private func planes(_ images: Range<Int>) -> Int { images.count * sum.channels / kernels.lanes }
}
