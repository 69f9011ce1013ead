/// The variance of a gap, in its parts.
struct NestedVariance {
    /// Over images.
    let images: Double
    /// An upper bound on the number of values behind it: images, or draws of them if these are fewer.
    let count: Int
    /// That of training; 0 if unknown.
    let training: Double
    /// The degrees of freedom of `training`.
    let degrees: Int

    init(images: Double, count: Int, training: Double, degrees: Int) {
        (self.images, self.count, self.training, self.degrees) = (images, count, training, degrees)
    }

    /// The variance of the mean over splits. Their images are treated as independent; the variance of training is a single
    /// estimate for all splits.
    init(meanOf parts: [NestedVariance]) {
        let number = Double(parts.count * parts.count)
        images = parts.reduce(0) { $0 + $1.images } / number
        count = parts.reduce(0) { $0 + $1.count }
        training = parts.reduce(0) { $0 + $1.training } / number
        degrees = parts[0].degrees
    }

    /// Satterthwaite's degrees of freedom ("An approximate distribution of estimates of variance components", 1946).
    private var freedom: Double {
        let total = images + training
        let spread =
            images * images / Double(max(1, count - 1)) + (degrees == 0 ? 0 : training * training / Double(degrees))
        return spread > 0 ? total * total / spread : 1
    }

    func pValue(of gap: Double) -> Double {
        let error = (images + training).squareRoot()
        return gap == 0 ? 1 : StudentT.twoSided(gap / error, degrees: freedom)
    }

    func interval(of gap: Double, confidence: Double) -> ConfidenceInterval {
        let reach = StudentT.quantile(confidence: confidence, degrees: freedom) * (images + training).squareRoot()
        return ConfidenceInterval(low: gap - reach, high: gap + reach)
    }
}
