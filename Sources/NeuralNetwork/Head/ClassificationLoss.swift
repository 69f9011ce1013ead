/// What a batch's logits are held against.
///
/// Another loss is a type of its own here, a case of `LossKind` with what that says of it, and its parameters in the table of
/// `TrainingParameters`.
public protocol ClassificationLoss: Sendable {
    /// The loss of a batch, and its gradient by the logits.
    ///
    /// - Parameters:
    ///   - logits: N × `classes`, in rows.
    ///   - targets: N × `classes` numbers of at least 0.
    /// - Returns: the loss, and N × `classes` numbers. NaN in the logits gives a loss of NaN.
    func evaluate(logits: [Float], targets: [Float], classes: Int) -> (loss: Double, gradient: [Float])
}
