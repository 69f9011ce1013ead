/// The loops of a point cloud: persistent cohomology of dimension 1 of its Vietoris-Rips filtration, with coefficients modulo a
/// prime.
///
/// Edges enter at their length, triangles at that of their longest edge; a loop is born with an edge and dies with a triangle.
/// Coboundaries of edges are reduced from the longest to the shortest (de Silva, Morozov and Vejdemo-Johansson, "Dualities in
/// persistent (co)homology", 2011), and edges of the minimum spanning tree are left out (Chen and Kerber's clearing). If a
/// triangle is no longer than its edge and no longer edge has taken it, the two pair at once, as in Bauer's Ripser ("Ripser:
/// efficient computation of Vietoris-Rips persistence barcodes", 2021). Nothing happens beyond the radius within which one
/// point sees all others.
struct RipsPersistence {
    /// A loop, from its birth up to its death.
    struct Bar: Equatable {
        let birth: Double
        let death: Double
    }

    /// An edge of a cocycle, from the lower point to the higher.
    struct CocycleEdge: Equatable {
        let first: Int
        let second: Int
        /// Modulo `prime`, with the smallest absolute value.
        let coefficient: Int
    }

    static let prime = 47

    /// The bars of positive length, longest first; ties go to the earlier.
    private(set) var bars: [Bar] = []
    /// A cocycle of the longest bar at any scale below its death; empty without bars.
    private(set) var cocycle: [CocycleEdge] = []

    /// - Parameter distances: `count` × `count`, symmetric, zero on the diagonal.
    /// - Complexity: O(n³) for n points in practice.
    init(distances: [Double], count: Int) {
        if count < 4 { return }
        var reduction = distances.withUnsafeBufferPointer { RipsReduction($0, count: count) }
        let found = distances.withUnsafeBufferPointer { reduction.run($0) }
        let order = found.indices.sorted {
            let (a, b) = (found[$0].bar, found[$1].bar)
            return (b.death - b.birth, a.birth, $0) < (a.death - a.birth, b.birth, $1)
        }
        bars = order.map { found[$0].bar }
        guard let longest = order.first else { return }
        cocycle = found[longest].chain.map { edge, coefficient in
            let (first, second) = reduction.points(of: edge)
            let signed = coefficient > Self.prime / 2 ? coefficient - Self.prime : coefficient
            return CocycleEdge(first: first, second: second, coefficient: signed)
        }
    }
}

/// The reduction of the coboundaries of edges.
private struct RipsReduction {
    typealias Chain = [(edge: Int, coefficient: Int)]

    /// A triangle of a coboundary; the earlier it enters, the smaller it is.
    struct Entry {
        let diameter: Double
        let triangle: Int
        let coefficient: Int

        static func < (a: Entry, b: Entry) -> Bool {
            a.diameter != b.diameter ? a.diameter < b.diameter : a.triangle < b.triangle
        }
    }

    private let count: Int
    /// The scale beyond which nothing happens.
    private let most: Double
    /// first · count + second, shortest first.
    private let edges: [Int]
    private let inverses: [Int]
    /// For each triangle, the edge whose reduced coboundary begins with it.
    private var takers: [Int: Int] = [:]
    /// For each edge, the chain whose coboundary is reduced and begins with coefficient 1.
    private var chains: [Int: Chain] = [:]

    init(_ distances: UnsafeBufferPointer<Double>, count: Int) {
        self.count = count
        most = (0..<count).map { point in
            (0..<count).reduce(0) { max($0, distances[point * count + $1]) }
        }.min()!
        var edges: [Int] = []
        for first in 0..<count {
            for second in first + 1..<max(count, first + 1) where distances[first * count + second] <= most {
                edges.append(first * count + second)
            }
        }
        let ranking = Ranking(edges.map { distances[$0] })
        self.edges = ranking.order.map { edges[Int($0)] }
        inverses = (0..<RipsPersistence.prime).map { number in
            (0..<RipsPersistence.prime).first { $0 * number % RipsPersistence.prime == 1 } ?? 0
        }
    }

    func points(of edge: Int) -> (Int, Int) { (edges[edge] / count, edges[edge] % count) }

    mutating func run(_ distances: UnsafeBufferPointer<Double>) -> [(bar: RipsPersistence.Bar, chain: Chain)] {
        let isInTree = spanningTree()
        var found: [(bar: RipsPersistence.Bar, chain: Chain)] = []
        var heap = EntryHeap()
        for edge in edges.indices.reversed() where !isInTree[edge] {
            let length = distances[edges[edge]]
            if let first = firstCoface(of: edge, length: length, distances), takers[first.triangle] == nil {
                takers[first.triangle] = edge
                chains[edge] = [(edge, inverses[first.coefficient])]
                continue
            }
            var chain: Chain = [(edge, 1)]
            heap.removeAll()
            push(edge, times: 1, distances, onto: &heap)
            while let pivot = heap.popPivot() {
                guard let taker = takers[pivot.triangle] else {
                    let inverse = inverses[pivot.coefficient]
                    chain = Self.collected(chain).map { ($0.edge, $0.coefficient * inverse % RipsPersistence.prime) }
                    takers[pivot.triangle] = edge
                    chains[edge] = chain
                    if pivot.diameter > length {
                        found.append((RipsPersistence.Bar(birth: length, death: pivot.diameter), chain))
                    }
                    break
                }
                // Popped, and pushed again to cancel.
                heap.push(pivot)
                let factor = RipsPersistence.prime - pivot.coefficient
                for (other, coefficient) in chains[taker]! {
                    let times = coefficient * factor % RipsPersistence.prime
                    chain.append((other, times))
                    push(other, times: times, distances, onto: &heap)
                }
            }
        }
        return found
    }

    /// Which edges join two components, shortest first (Kruskal).
    private func spanningTree() -> [Bool] {
        var parents = Array(0..<count)
        func root(_ point: Int) -> Int {
            var point = point
            while parents[point] != point {
                parents[point] = parents[parents[point]]
                point = parents[point]
            }
            return point
        }
        return edges.map { edge in
            let (first, second) = (root(edge / count), root(edge % count))
            parents[first] = second
            return first != second
        }
    }

    /// The first triangle of an edge's coboundary, if it enters with the edge.
    private func firstCoface(
        of edge: Int, length: Double, _ distances: UnsafeBufferPointer<Double>
    ) -> Entry? {
        let (first, second) = points(of: edge)
        for third in 0..<count
        where third != first && third != second && distances[first * count + third] <= length
            && distances[second * count + third] <= length
        {
            // Among triangles that enter together, the one with the lowest third point comes first: see `triangle`.
            return entry(first, second, third, diameter: length, times: 1)
        }
        return nil
    }

    private func push(
        _ edge: Int, times: Int, _ distances: UnsafeBufferPointer<Double>, onto heap: inout EntryHeap
    ) {
        let (first, second) = points(of: edge)
        let length = distances[edges[edge]]
        for third in 0..<count where third != first && third != second {
            let diameter = max(length, distances[first * count + third], distances[second * count + third])
            if diameter <= most { heap.push(entry(first, second, third, diameter: diameter, times: times)) }
        }
    }

    /// The triangle's number from its points in order, and the sign from the position of the third among them.
    private func entry(_ first: Int, _ second: Int, _ third: Int, diameter: Double, times: Int) -> Entry {
        let prime = RipsPersistence.prime
        if third < first {
            return Entry(
                diameter: diameter, triangle: (third * count + first) * count + second, coefficient: times)
        }
        if third < second {
            return Entry(
                diameter: diameter, triangle: (first * count + third) * count + second, coefficient: prime - times)
        }
        return Entry(diameter: diameter, triangle: (first * count + second) * count + third, coefficient: times)
    }

    /// Each edge once, without those that cancel.
    private static func collected(_ chain: Chain) -> Chain {
        var sums: [Int: Int] = [:]
        for (edge, coefficient) in chain { sums[edge, default: 0] += coefficient }
        return sums.compactMap { edge, sum in
            sum % RipsPersistence.prime == 0 ? nil : (edge, sum % RipsPersistence.prime)
        }.sorted { $0.edge < $1.edge }
    }
}

/// Triangles in a heap, the earliest first.
private struct EntryHeap {
    private var entries: [RipsReduction.Entry] = []

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    mutating func push(_ entry: RipsReduction.Entry) {
        entries.append(entry)
        entries.withUnsafeMutableBufferPointer { entries in
            var place = entries.count - 1
            while place > 0 {
                let parent = (place - 1) / 2
                if !(entry < entries[parent]) { break }
                entries[place] = entries[parent]
                place = parent
            }
            entries[place] = entry
        }
    }

    private mutating func pop() -> RipsReduction.Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        entries.withUnsafeMutableBufferPointer { entries in
            let count = entries.count
            if count == 0 { return }
            var place = 0
            while true {
                var child = 2 * place + 1
                if child >= count { break }
                if child + 1 < count, entries[child + 1] < entries[child] { child += 1 }
                if !(entries[child] < last) { break }
                entries[place] = entries[child]
                place = child
            }
            entries[place] = last
        }
        return first
    }

    /// The earliest triangle whose coefficients do not cancel; nil if all do.
    mutating func popPivot() -> RipsReduction.Entry? {
        while let first = pop() {
            var sum = first.coefficient
            while let next = entries.first, next.triangle == first.triangle {
                sum += next.coefficient
                _ = pop()
            }
            sum %= RipsPersistence.prime
            if sum != 0 {
                return RipsReduction.Entry(
                    diameter: first.diameter, triangle: first.triangle, coefficient: sum)
            }
        }
        return nil
    }
}
