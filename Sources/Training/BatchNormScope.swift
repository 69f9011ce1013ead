import Parameters

/// Over which images batch normalisation takes its statistics where several processes share a batch.
public enum BatchNormScope: String, Sendable, CaseIterable, Codable, ParameterValue {
    /// All of the batch, as in one process.
    case global
    /// Those of each process by itself, as PyTorch's DistributedDataParallel does; the first one's running statistics are
    /// kept. The result depends on the number of processes. A large head's are over all of the batch all the same.
    case local
}
