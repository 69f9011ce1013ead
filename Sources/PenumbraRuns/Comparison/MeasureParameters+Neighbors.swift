import FeatureSpaces

extension MeasureParameters {
    /// Throws `InputError` unless each of `count` samples in a file has others that are not its neighbours: if all are, every
    /// space has the same neighbours.
    func requireFewNeighbors(of count: Int, path: String) throws(InputError) {
        if neighbors < count - 1 { return }
        throw .unusable(
            path: path,
            problem:
                "the number of nearest neighbours (--neighbors) is \(neighbors); with \(count) samples it must be below "
                + "\(count - 1)")
    }
}
