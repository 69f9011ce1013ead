/// What can be wrong with the features or the parameters given to t-SNE.
public enum TSNEError: Error, Equatable, CustomStringConvertible {
    /// The number of values is not the number of rows times the number of columns.
    case wrongFeatureCount(count: Int, dimension: Int, found: Int)
    /// A feature is NaN or infinite. Row and column count from 0.
    case nonFiniteFeature(row: Int, column: Int, value: String)
    /// Fewer than four points.
    case tooFewPoints(found: Int)
    /// Points without any feature.
    case noFeatures
    /// More points than the indices of neighbours can name.
    case tooManyPoints(found: Int, most: Int)
    /// The perplexity is not a number above 0.
    case perplexityNotPositive(found: String)
    /// The perplexity is not below the number of points less one.
    case perplexityTooLarge(found: Double, points: Int)
    /// Fewer than 0 iterations.
    case negativeIterations(found: Int)
    /// The early exaggeration lasts fewer than 0 iterations.
    case negativeEarlyExaggerationIterations(found: Int)
    /// The early exaggeration is not a number of at least 1.
    case earlyExaggerationBelowOne(found: String)
    /// The learning rate is not a number above 0.
    case learningRateNotPositive(found: String)
    /// The angle of Barnes-Hut is not a number from 0 to 1.
    case thetaOutOfRange(found: String)
    /// The given initial layout does not hold two coordinates a point.
    case wrongInitializationCount(found: Int, expected: Int)
    /// A coordinate of the given initial layout is NaN or infinite. Row and axis count from 0.
    case nonFiniteInitialization(row: Int, axis: Int, value: String)
    /// A coordinate of the given initial layout is too large for squared distances in single precision. Row and axis
    /// count from 0.
    case initializationTooLarge(row: Int, axis: Int, value: Float)
    /// The layout left the range of single precision: the learning rate is too large.
    case diverged(iteration: Int)
    /// The caller stopped the run before there was a layout.
    case stoppedBeforeLayout

    /// One sentence: the place, what was found, what was expected.
    public var description: String {
        switch self {
        case .wrongFeatureCount(let count, let dimension, let found):
            "the features hold \(found) values; \(count) rows of \(dimension) columns need another number"
        case .nonFiniteFeature(let row, let column, let value):
            "row \(row), column \(column) (counted from 0) of the features is \(value); every feature must be finite"
        case .tooFewPoints(let found):
            "the features have \(found) rows; t-SNE needs at least 4"
        case .noFeatures:
            "the features have no columns; t-SNE needs at least 1"
        case .tooManyPoints(let found, let most):
            "the features have \(found) rows; at most \(most) are possible"
        case .perplexityNotPositive(let found):
            "the perplexity is \(found); it must be a number above 0"
        case .perplexityTooLarge(let found, let points):
            "the perplexity is \(found); with \(points) points it must be below \(points - 1)"
        case .negativeIterations(let found):
            "the number of iterations is \(found); it must be at least 0"
        case .negativeEarlyExaggerationIterations(let found):
            "the number of iterations of the early exaggeration is \(found); it must be at least 0"
        case .earlyExaggerationBelowOne(let found):
            "the early exaggeration is \(found); it must be a number of at least 1"
        case .learningRateNotPositive(let found):
            "the learning rate is \(found); it must be a number above 0"
        case .thetaOutOfRange(let found):
            "the angle of Barnes-Hut is \(found); it must be a number from 0 to 1"
        case .wrongInitializationCount(let found, let expected):
            "the initial layout holds \(found) numbers; two coordinates a point make \(expected)"
        case .nonFiniteInitialization(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the initial layout is \(value); it must be finite"
        case .initializationTooLarge(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the initial layout is \(value); it must be below "
                + "\(TSNEParameters.largestCoordinate) in magnitude"
        case .diverged(let iteration):
            "the layout left the range of single precision at iteration \(iteration); the learning rate is too large"
        case .stoppedBeforeLayout:
            "the run was stopped before there was a layout"
        }
    }
}
