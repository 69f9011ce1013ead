/// A loss that compares a batch's logits with targets.
///
/// To add a loss, add a type here, a case of `LossKind` with its properties, and its parameters to the table of
/// `TrainingParameters`.
public protocol ClassificationLoss: Sendable {
    /// The loss of a batch, and its gradient with respect to the logits.
    ///
    /// - Parameters:
    ///   - logits: N × `classes`, in rows.
    ///   - targets: N × `classes` numbers of at least 0.
    /// - Returns: the loss, and N × `classes` numbers. NaN in the logits gives a loss of NaN.
    func evaluate(logits: [Float], targets: [Float], classes: Int) -> (loss: Double, gradient: [Float])
}
