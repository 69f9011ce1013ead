import CMPI
import NeuralNetwork
import Numerics
import Processes

/// One sum over the pieces of all processes, on its way: it goes from process to process, each of which adds its pieces
/// in their order, and from the last back to all.
final class GradientSum {
    private let terms: [UnsafeMutablePointer<Float>]
    private let count: Int
    private let rank: Int
    private let processes: Int
    /// What came from the process before.
    private let received: AlignedBuffer<Float>
    private var step = Step.receiving
    private var transfer: OpaquePointer?
    /// Whether it is this sum's turn.
    var mayBroadcast = false

    private enum Step { case receiving, sending, waitingForTurn, broadcasting, ended }

    init(_ terms: [UnsafeMutablePointer<Float>], count: Int, rank: Int, of processes: Int) {
        self.terms = terms
        self.count = count
        self.rank = rank
        self.processes = processes
        received = AlignedBuffer<Float>(count: rank > 0 ? count : 0)
    }

    var hasEnded: Bool { step == .ended }
    /// Whether its broadcast has begun.
    var isBroadcast: Bool { step == .broadcasting || step == .ended }

    private let doing = "adding up gradients"

    func begin(_ processes: MPIProcesses) throws(ProcessError) {
        if rank == 0 {
            try add(processes)
        } else {
            try processes.check(
                penumbra_mpi_receive_floats(received.base, Int32(count), Int32(rank - 1), &transfer), doing)
        }
    }

    /// Adds this process's pieces and passes the sum on.
    private func add(_ group: MPIProcesses) throws(ProcessError) {
        if rank > 0 { GradientTerms.add(received.base, to: terms[0], count: count) }
        for term in terms.dropFirst() { GradientTerms.add(term, to: terms[0], count: count) }
        if rank == processes - 1 {
            step = .waitingForTurn
        } else {
            try group.check(penumbra_mpi_send_floats(terms[0], Int32(count), Int32(rank + 1), &transfer), doing)
            step = .sending
        }
    }

    func advance(_ group: MPIProcesses) throws(ProcessError) {
        while true {
            if transfer != nil {
                var hasEnded = false
                try group.check(penumbra_mpi_test(&transfer, &hasEnded), doing)
                if !hasEnded { return }
            }
            switch step {
            case .receiving: try add(group)
            case .sending: step = .waitingForTurn
            case .waitingForTurn:
                if !mayBroadcast { return }
                try group.check(
                    penumbra_mpi_broadcast_floats(terms[0], Int32(count), Int32(processes - 1), &transfer), doing)
                step = .broadcasting
            case .broadcasting: step = .ended
            case .ended: return
            }
        }
    }
}
