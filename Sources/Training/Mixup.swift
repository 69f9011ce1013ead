import Numerics

/// One batch of mixup: every image and its target mixed with those of another place in the batch, all with the same
/// weight (Zhang, Cisse, Dauphin and Lopez-Paz, 2018).
struct Mixup {
    /// λ, the share of the image itself.
    let weight: Double
    /// For each place in the batch the one whose image gets the rest.
    let partners: [Int]

    /// λ · own + (1 − λ) · partner's, of planes that lie one image after another. O(numbers).
    func mixed(_ images: [Float]) -> [Float] {
        let count = images.count / partners.count
        let own = Float(weight), rest = Float(1 - weight)
        return [Float](unsafeUninitializedCapacity: images.count) { mixed, initialized in
            for (place, partner) in partners.enumerated() {
                let first = place * count, other = partner * count
                for i in 0..<count { mixed[first + i] = own * images[first + i] + rest * images[other + i] }
            }
            initialized = images.count
        }
    }

    /// The same of targets.
    func mixed(_ targets: [[Float]]) -> [[Float]] {
        let own = Float(weight), rest = Float(1 - weight)
        return zip(targets, partners).map { target, partner in
            zip(target, targets[partner]).map { own * $0 + rest * $1 }
        }
    }
}

extension TrainingParameters {
    /// How the `count` images of the step of this number, from 0, are mixed; nil where they are not.
    func mixup(of count: Int, step number: Int) -> Mixup? {
        if mixup == 0 { return nil }
        var random = CounterRandom(seed: seed, Self.mixupStream, UInt64(number))
        return Mixup(weight: random.dirichlet(mixup, count: 2)[0], partners: random.permutation(of: count))
    }

    /// Tells mixup's random numbers from others of the same seed ("mixup" in ASCII).
    private static let mixupStream: UInt64 = 0x006D_6978_7570
}
