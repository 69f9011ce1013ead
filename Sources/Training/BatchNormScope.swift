import Parameters

/// The images over which batch normalisation takes its statistics when several processes share a batch.
public enum BatchNormScope: String, Sendable, CaseIterable, Codable, ParameterValue {
    /// All of the batch, as in one process.
    case global
    /// Those of each process by itself, as PyTorch's DistributedDataParallel does; the first one's running statistics
    /// are kept. The result depends on the number of processes. The statistics of a large head are still taken over the
    /// whole batch.
    case local
}
