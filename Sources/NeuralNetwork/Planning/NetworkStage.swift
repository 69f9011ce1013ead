/// The output of a network's stage.
public struct NetworkStage: Sendable, Equatable {
    /// As the network's source calls it.
    public let name: String
    /// Channels of the maps, so many features as their means are.
    public let channels: Int
    /// Rows and columns of the maps.
    public let height: Int, width: Int
}
