import CMPI
import Foundation
import NeuralNetwork
import Numerics
import Processes

/// Owns MPI in this process: begins it, and ends it with `end` or `abort`.
final class MPIProcesses: ProcessGroup {
    let rank: Int
    let count: Int
    private(set) var normalizesGlobally = true
    private var pieces = BatchPieces.fixed(1)
    /// The bounds of the processes' pieces: those of process r are `bounds[r]..<bounds[r + 1]`.
    private var bounds: [Int] = []
    /// The first failure, which `check` throws.
    private var failure: ProcessError?
    /// Sums that have begun, in their order.
    private var sums: [GradientSum] = []
    private(set) var summingSeconds = 0.0
    /// When the first of the sums that are under way began.
    private var sumsBegan = ContinuousClock.now
    /// Seconds without an answer that are taken for a network that stalls.
    private let patience: Double

    init(_ launcher: Launcher) throws(ProcessError) {
        var rank: Int32 = 0, count: Int32 = 0, hasThreads = false
        let code = penumbra_mpi_begin(&rank, &count, &hasThreads)
        if code != 0 { throw .mpi(doing: "starting", words: Self.words(of: code)) }
        (self.rank, self.count) = (Int(rank), Int(count))
        let text = ProcessInfo.processInfo.environment["PENUMBRA_MPI_PATIENCE"]
        patience = text.flatMap(Double.init).map { max(1, $0) } ?? 10
        if !hasThreads { throw .noThreads(library: Self.library) }
        if self.count != launcher.count {
            throw .otherCount(
                variable: launcher.variable, launched: launcher.count, found: self.count, library: Self.library)
        }
    }

    /// The library's name and version, in one line.
    static var library: String {
        text { penumbra_mpi_library($0, $1) }.split(separator: ",").first.map(String.init) ?? "MPI"
    }

    private static func words(of code: Int32) -> String { text { penumbra_mpi_words(code, $0, $1) } }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>, Int32) -> Void) -> String {
        let room = 1024
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) {
            fill($0.baseAddress!, Int32(room))
            return String(cString: $0.baseAddress!)
        }
    }

    func share(_ pieces: BatchPieces, normalizesGlobally: Bool) throws(ProcessError) {
        self.pieces = pieces
        self.normalizesGlobally = normalizesGlobally
        bounds = try [0] + gather(pieces.own.upperBound, doing: "sharing the pieces of batches")
    }

    func end() throws(ProcessError) {
        let code = penumbra_mpi_end()
        if code != 0 { throw .mpi(doing: "ending", words: Self.words(of: code)) }
    }

    func abort(code: Int32) -> Never {
        penumbra_mpi_abort(code)
        exit(code)
    }
}

// MARK: - Bytes

extension MPIProcesses {
    func gather(_ bytes: [UInt8], isPatient: Bool, doing: String) throws(ProcessError) -> [[UInt8]] {
        let patience = isPatient ? .infinity : patience
        let lengths = AlignedBuffer<Double>(count: count)
        lengths[rank] = Double(bytes.count)
        let ones = [Int32](repeating: 1, count: count), numbers = (0..<Int32(count)).map { $0 }
        try wait(doing: doing, patience: patience) {
            penumbra_mpi_gather_doubles(lengths.base, ones, numbers, &$0)
        }
        let total = lengths.elements.reduce(0, +)
        if total > Double(Int32.max) {
            throw .mpi(doing: doing, words: "\(Int(total)) bytes are more than it counts")
        }
        let counts = lengths.elements.map { Int32($0) }
        var starts: [Int32] = [0]
        for length in counts { starts.append(starts.last! + length) }
        let all = AlignedBuffer<UInt8>(count: Int(starts.last!))
        (all.base + Int(starts[rank])).update(from: bytes, count: bytes.count)
        try wait(doing: doing, patience: patience) {
            penumbra_mpi_gather_bytes(all.base, counts, Array(starts.dropLast()), &$0)
        }
        return (0..<count).map { Array(all.elements[Int(starts[$0])..<Int(starts[$0 + 1])]) }
    }

    func broadcast(_ bytes: [UInt8], doing: String) throws(ProcessError) -> [UInt8] {
        let length = AlignedBuffer<Int32>(count: 1)
        length[0] = Int32(bytes.count)
        try wait(doing: doing, patience: .infinity) { penumbra_mpi_broadcast_bytes(length.base, 4, 0, &$0) }
        let all = AlignedBuffer<UInt8>(count: Int(length[0]))
        if isFirst { all.base.update(from: bytes, count: bytes.count) }
        try wait(doing: doing, patience: .infinity) {
            penumbra_mpi_broadcast_bytes(all.base, length[0], 0, &$0)
        }
        return Array(all.elements)
    }

    func broadcast(_ numbers: UnsafeMutableBufferPointer<Float>, doing: String) throws(ProcessError) {
        // MPI counts by 32 bits.
        for start in stride(from: 0, to: numbers.count, by: 1 << 28) {
            let part = min(1 << 28, numbers.count - start)
            try wait(doing: doing, patience: .infinity) {
                penumbra_mpi_broadcast_bytes(numbers.baseAddress! + start, Int32(4 * part), 0, &$0)
            }
        }
    }

    /// Begins a transfer and waits for its end.
    private func wait(
        doing: String, patience: Double? = nil, _ begin: (inout OpaquePointer?) -> Int32
    ) throws(ProcessError) {
        var transfer: OpaquePointer?
        try check(begin(&transfer), doing)
        try wait(for: &transfer, doing: doing, patience: patience ?? self.patience)
    }

    private func wait(for transfer: inout OpaquePointer?, doing: String, patience: Double) throws(ProcessError) {
        let start = ContinuousClock.now
        var tests = 0
        while transfer != nil {
            var hasEnded = false
            try check(penumbra_mpi_test(&transfer, &hasEnded), doing)
            if hasEnded { break }
            tests += 1
            // Where nothing comes for a while, the processor is left to others.
            if tests > 4096 { usleep(tests > 20_000 ? 1000 : 20) }
            if tests % 1024 == 0, start.elapsedSeconds > patience {
                throw .stalled(doing: doing, seconds: patience)
            }
        }
    }

    func check(_ code: Int32, _ doing: String) throws(ProcessError) {
        if code != 0 { throw .mpi(doing: doing, words: Self.words(of: code)) }
    }
}

// MARK: - Batches

extension MPIProcesses {
    func gather(_ sums: [PieceSums]) {
        attempt { () throws(ProcessError) in
            let doing = "gathering sums of batch normalisation"
            var transfers = [OpaquePointer?](repeating: nil, count: sums.count)
            for (index, sum) in sums.enumerated() {
                let (counts, places) = parts { sum.width * bounds[$0] }
                try check(penumbra_mpi_gather_doubles(sum.values, counts, places, &transfers[index]), doing)
            }
            for index in transfers.indices { try wait(for: &transfers[index], doing: doing, patience: patience) }
        }
    }

    func gather(_ vectors: UnsafeMutablePointer<Float>, width: Int, count: Int) {
        attempt { () throws(ProcessError) in
            let (counts, places) = parts { width * (count * bounds[$0] / pieces.count) }
            try wait(doing: "gathering features") { penumbra_mpi_gather_floats(vectors, counts, places, &$0) }
        }
    }

    /// How many numbers each process brings, and from where on, by the start of each process's and the end of all.
    private func parts(_ start: (Int) -> Int) -> (counts: [Int32], places: [Int32]) {
        let starts = (0...count).map(start)
        return ((0..<count).map { Int32(starts[$0 + 1] - starts[$0]) }, starts.dropLast().map { Int32($0) })
    }

    func beginSum(_ terms: [UnsafeMutablePointer<Float>], count: Int) {
        attempt { () throws(ProcessError) in
            if sums.isEmpty { sumsBegan = .now }
            let sum = GradientSum(terms, count: count, rank: rank, of: self.count)
            try sum.begin(self)
            sums.append(sum)
        }
    }

    func progress() {
        // What comes later waits for its turn: all processes broadcast in one order.
        attempt { () throws(ProcessError) in
            var areBroadcast = true
            for sum in sums {
                sum.mayBroadcast = areBroadcast
                try sum.advance(self)
                areBroadcast = areBroadcast && sum.isBroadcast
            }
            let wereUnderWay = !sums.isEmpty
            sums.removeAll(where: \.hasEnded)
            if wereUnderWay && sums.isEmpty { summingSeconds += sumsBegan.elapsedSeconds }
        }
    }

    func finish() {
        let start = ContinuousClock.now
        var tests = 0
        while !sums.isEmpty && failure == nil {
            let before = sums.count
            progress()
            if sums.count < before { tests = 0 }
            tests += 1
            if tests > 4096 { usleep(tests > 20_000 ? 1000 : 20) }
            if tests % 1024 == 0, start.elapsedSeconds > patience {
                failure = .stalled(doing: "adding up gradients", seconds: patience)
            }
        }
    }

    func check() throws {
        if let failure { throw failure }
    }

    /// Runs `body` unless something has failed, and keeps what it throws.
    private func attempt(_ body: () throws(ProcessError) -> Void) {
        if failure != nil { return }
        do throws(ProcessError) { try body() } catch { failure = error }
    }
}
