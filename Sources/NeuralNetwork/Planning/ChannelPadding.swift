/// Where a network's channels are among those of maps, which have whole blocks of channels.
struct ChannelPadding {
    /// For each channel of the network, its place among the maps' channels.
    let places: [Int]
    /// Channels of the maps.
    let channels: Int

    /// Of the concatenation of maps.
    init(_ maps: [FeatureMap]) {
        var places: [Int] = []
        var start = 0
        for map in maps {
            places += start..<start + map.used
            start += map.channels
        }
        (self.places, channels) = (places, start)
    }

    /// Of `count` channels that are all used.
    init(count: Int) { (places, channels) = (Array(0..<count), count) }

    var isNone: Bool { places.count == channels }

    /// Of a tensor with a number for each channel; nil where all are used.
    var vector: Parameter.Padding? {
        let places = places
        return isNone ? nil : Parameter.Padding(shape: [channels], places: { places })
    }
}

/// A convolution's weight as the network names it, and how it is stored.
struct WeightStorage {
    /// Outputs, inputs of a group, rows, columns.
    let shape: [Int]
    /// Nil where it is stored as it is.
    let padding: Parameter.Padding?
    /// Groups of whole blocks that the convolution runs in.
    let groups: Int
    /// Whether a stored group holds several of the network's, between which there are zeros that must stay zeros.
    let isMasked: Bool

    /// - Parameters:
    ///   - inputs: the network's channels among the maps' that are read.
    ///   - outputs: the network's channels, of which the map that is made has `outputChannels`.
    ///   - groups: the network's; of several, all channels are used.
    ///   - lanes: channels in a block.
    init(
        inputs: ChannelPadding, outputs: Int, outputChannels: Int, kernel: Int, groups: Int, lanes: Int
    ) {
        let area = kernel * kernel
        if groups == 1 {
            shape = [outputs, inputs.places.count, kernel, kernel]
            (self.groups, isMasked) = (1, false)
            if inputs.isNone && outputs == outputChannels {
                padding = nil
                return
            }
            padding = Parameter.Padding(
                shape: [outputChannels, inputs.channels, kernel, kernel],
                places: {
                    (0..<outputs).flatMap { output in
                        inputs.places.flatMap { input in
                            (0..<area).map { (output * inputs.channels + input) * area + $0 }
                        }
                    }
                })
            return
        }
        precondition(inputs.isNone && outputs == outputChannels, "groups use all channels")
        let (from, to) = (inputs.channels / groups, outputs / groups)
        precondition(from * groups == inputs.channels && to * groups == outputs, "groups of equal size")
        // So many groups side by side fill blocks.
        let merged = (1...groups).first {
            groups % $0 == 0 && from * $0 % lanes == 0 && to * $0 % lanes == 0
        }!
        shape = [outputs, from, kernel, kernel]
        self.groups = groups / merged
        isMasked = merged > 1
        let storedInputs = merged * from
        let stored =
            groups == merged
            ? [outputs, storedInputs, kernel, kernel]
            : [groups / merged, merged * to, storedInputs, kernel, kernel]
        padding = Parameter.Padding(
            shape: stored,
            places: {
                (0..<outputs).flatMap { output -> [Int] in
                    let first = (output * storedInputs + output / to % merged * from) * area
                    return (0..<from * area).map { first + $0 }
                }
            })
    }
}
