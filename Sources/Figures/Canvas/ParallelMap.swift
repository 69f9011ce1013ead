import Numerics

extension ThreadCount {
    /// The values of `element` at 0..<`count`, in that order; if there are only a few, they are computed on one thread.
    ///
    /// `element` runs on several threads concurrently.
    func map<Element: Sendable>(_ count: Int, _ element: @Sendable (_ index: Int) -> Element) -> [Element] {
        let threads = count < 500 ? ThreadCount(1) : self
        return Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
            nonisolated(unsafe) let start = buffer.baseAddress
            threads.forEachRange(of: count) { range in
                guard let start else { return }
                for index in range { (start + index).initialize(to: element(index)) }
            }
            initializedCount = count
        }
    }
}
