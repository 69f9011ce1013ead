/// Where the time of a network's batches goes: seconds and floating-point operations of each layer's passes, and the
/// seconds between the layers, summed over the batches that were profiled.
public struct NetworkProfile: Sendable {
    /// The passes over a layer.
    public enum Direction: Int, Sendable, CaseIterable {
        /// Forward.
        case forward
        /// Forward again for the backward pass, where a map was not kept.
        case again
        /// Backward.
        case backward
    }

    /// One pass over a layer.
    public struct Pass: Sendable, Equatable {
        /// Wall-clock seconds.
        public var seconds = 0.0
        /// Seconds within the library's convolutions, the mean of the threads; the rest of `seconds` went to
        /// normalisation, pooling, sums of weights' gradients and waiting for the other threads.
        public var convolutionSeconds = 0.0
        /// Seconds within the same convolutions run one after the other with nothing between them; 0 until
        /// `Network.measureAlone` has measured them.
        public var aloneSeconds = 0.0
        /// Seconds of the whole pass, including normalisation, run repeatedly by itself; 0 until `Network.measureAlone`
        /// has measured it.
        public var repeatedSeconds = 0.0
        /// Floating-point operations of the convolutions as direct ones; Winograd's algorithm needs fewer.
        public var operations = 0

        static func += (sum: inout Pass, term: Pass) {
            sum.seconds += term.seconds
            sum.convolutionSeconds += term.convolutionSeconds
            sum.aloneSeconds += term.aloneSeconds
            sum.repeatedSeconds += term.repeatedSeconds
            sum.operations += term.operations
        }
    }

    /// What takes time outside the layers.
    public enum Part: String, Sendable, CaseIterable {
        /// Copying the images to the network.
        case images
        /// The layers behind the features, and the loss.
        case head
        /// Summing the gradients of a batch's parts.
        case gradients
        /// Adding up the pieces' gradients, moving the parameters and copying weights to the layout in which the backward
        /// pass reads them.
        case optimizer
        /// Waiting for the sums of batch normalisation of the other processes.
        case statistics
        /// Waiting, after the backward pass, for the other processes' gradients.
        case exchange
        /// Waiting for a batch to be loaded.
        case data
        /// What is left of a step's time.
        case rest
    }

    /// One layer.
    public struct Entry: Sendable {
        /// The layer's name.
        public let layer: String
        /// The part of the network to which it belongs.
        public let block: String
        /// By `Direction`.
        fileprivate(set) var passes = [Pass](repeating: Pass(), count: Direction.allCases.count)
        /// How many passes its convolutions have, and how many of them use Winograd's algorithm.
        public fileprivate(set) var planned: (all: Int, winograd: Int) = (0, 0)

        /// One of the passes.
        public subscript(direction: Direction) -> Pass { passes[direction.rawValue] }

        /// All passes.
        public var total: Pass { passes.reduce(into: Pass()) { $0 += $1 } }
    }

    /// In the order in which layers first ran.
    public private(set) var entries: [Entry] = []
    /// Batches that were profiled to their end.
    public private(set) var steps = 0
    /// Images in them.
    public private(set) var images = 0
    /// Seconds per image of the fastest step; on a machine that also does other work, the other steps are slower. For
    /// networks that run at once, it is that of the fastest network, divided by their number.
    public private(set) var fastestSecondsAnImage = Double.infinity
    /// Seconds in which gradients were under way between processes, most of them while the backward pass went on; what was
    /// waited for is `Part.exchange`.
    public var exchangedSeconds = 0.0
    private var partSeconds = [Double](repeating: 0, count: Part.allCases.count)
    private var positions: [String: Int] = [:]
    private var closedSeconds = 0.0

    /// An empty profile.
    public init() {}

    /// Seconds of a part.
    public subscript(part: Part) -> Double { partSeconds[Part.allCases.firstIndex(of: part)!] }

    /// All passes over all layers.
    public var layers: Pass { entries.reduce(into: Pass()) { $0 += $1.total } }

    /// Seconds in all.
    public var seconds: Double { layers.seconds + partSeconds.reduce(0, +) }

    /// The blocks in the order in which they first ran, each with its passes by `Direction`.
    public var blocks: [Entry] {
        var blocks: [Entry] = []
        for entry in entries {
            if blocks.last?.block != entry.block { blocks.append(Entry(layer: entry.block, block: entry.block)) }
            for index in entry.passes.indices { blocks[blocks.count - 1].passes[index] += entry.passes[index] }
        }
        return blocks
    }

    /// Adds seconds to a part.
    public mutating func add(_ part: Part, seconds: Double) {
        partSeconds[Part.allCases.firstIndex(of: part)!] += seconds
    }

    /// Ends a step that took `seconds` in total; time not attributed to any part is `rest`.
    public mutating func endStep(seconds: Double, images: Int) {
        add(.rest, seconds: max(0, seconds - (self.seconds - closedSeconds)))
        closedSeconds = self.seconds
        steps += 1
        self.images += images
        fastestSecondsAnImage = min(fastestSecondsAnImage, seconds / Double(max(1, images)))
    }

    mutating func add(
        _ pass: Pass, _ direction: Direction, layer: String, block: String, planned: (all: Int, winograd: Int) = (0, 0)
    ) {
        let position = positions[layer] ?? entries.count
        if position == entries.count {
            entries.append(Entry(layer: layer, block: block))
            positions[layer] = position
        }
        entries[position].passes[direction.rawValue] += pass
        entries[position].planned = planned
    }

    /// Sets what a layer's convolutions take alone, or what a whole pass takes by itself, in seconds per image.
    mutating func set(
        _ time: WritableKeyPath<Pass, Double>, _ secondsAnImage: Double, _ direction: Direction, layer: String
    ) {
        guard let position = positions[layer] else { return }
        entries[position].passes[direction.rawValue][keyPath: time] = secondsAnImage * Double(images)
    }

    /// The profile of networks that run at once, one per thread: operations are added up, seconds are the mean.
    public init(ofThreads profiles: [NetworkProfile]) {
        let share = 1 / Double(max(1, profiles.count))
        for profile in profiles {
            for entry in profile.entries {
                for direction in Direction.allCases {
                    var pass = entry[direction]
                    pass.seconds *= share
                    pass.convolutionSeconds *= share
                    pass.aloneSeconds *= share
                    pass.repeatedSeconds *= share
                    add(pass, direction, layer: entry.layer, block: entry.block, planned: entry.planned)
                }
            }
            for part in Part.allCases { add(part, seconds: profile[part] * share) }
            steps += profile.steps
            images += profile.images
            fastestSecondsAnImage = min(fastestSecondsAnImage, profile.fastestSecondsAnImage)
        }
        fastestSecondsAnImage *= share
        closedSeconds = seconds
    }
}
