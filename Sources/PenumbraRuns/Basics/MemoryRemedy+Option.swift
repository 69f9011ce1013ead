import NeighborEmbedding

extension MemoryRemedy {
    /// The remedy as a command-line option.
    var option: String {
        switch self {
        case .exactSearch: "--neighbors exact"
        case .interpolation: "--method interpolation"
        case .principalComponents(let number): "--pca \(number)"
        case .perplexity(let perplexity): "--perplexity \(perplexity)"
        }
    }
}
