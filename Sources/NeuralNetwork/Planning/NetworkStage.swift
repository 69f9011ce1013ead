/// The output of a network's stage.
public struct NetworkStage: Sendable, Equatable {
    /// The name that the network's source uses.
    public let name: String
    /// Channels of the maps, which is the number of features when the maps are averaged.
    public let channels: Int
    /// Rows and columns of the maps.
    public let height: Int, width: Int
}
