import Numerics

/// Where the maps of a network and their gradients lie in one piece of memory, shared where lifetimes allow.
///
/// Moments are counted through a step of n layers: layer l runs forward at l and backward at 2n − 1 − l. In training a
/// map lives from its maker's forward pass to its maker's backward pass, unless it is made again: then it lives from its
/// maker's forward pass to its reader's, and again from the backward pass of its reader, or of the reader of what is
/// made again from it, to its maker's backward pass. The two times may have different places.
struct MapPlan {
    /// Where the values of a map lie, where they lie when they are made again, and where its gradient lies.
    private struct Place {
        var values: BufferPlan.Slot
        var again: BufferPlan.Slot?
        var gradient: BufferPlan.Slot?
    }

    /// Floats in all.
    let count: Int
    /// For each layer the layers that run forward again just before its backward pass, in their order.
    let repetitions: [[Int]]
    private let maps: [FeatureMap]
    private let places: [Place]

    /// - Parameter recomputes: whether recomputable maps are made again in the backward pass, not kept for it.
    init(_ maps: [FeatureMap], of layers: [any Layer], _ plan: LayerPlan, recomputes: Bool) {
        self.maps = maps
        let last = 2 * layers.count - 1
        let repeated = plan.trains && recomputes ? Self.repeatedMoments(maps, last: last) : [:]
        var repetitions = [[Int]](repeating: [], count: layers.count)
        for map in maps {
            if let moment = repeated[ObjectIdentifier(map)] { repetitions[last - moment].append(map.maker) }
        }
        self.repetitions = repetitions

        var memory = BufferPlan()
        func floats(_ map: FeatureMap) -> Int {
            // A folded map, too, is read as it is, by whole tiles of its reader.
            let isRead = map.isReadAsItIs || map.foldedNormalization != nil
            let users = [map.maker] + (isRead ? map.readers : [])
            return users.map { plan.coveredImages(tile: layers[$0].tile) }.max()! * map.imageCount
        }
        let values = Self.request(&memory, maps, home: \.valuesHome, floats) { map in
            if !plan.trains { return map.maker...map.readers.last! }
            return map.maker...(repeated[ObjectIdentifier(map)] == nil ? last - map.maker : map.readers.last!)
        }
        var places = values.map { Place(values: $0) }
        if plan.trains {
            let gradients = Self.request(&memory, maps, home: \.gradientHome, floats) {
                last - $0.readers.last!...last - $0.maker
            }
            for (index, map) in maps.enumerated() {
                places[index].gradient = gradients[index]
                guard let moment = repeated[ObjectIdentifier(map)] else { continue }
                places[index].again = memory.request(count: floats(map), lifetime: moment...last - map.maker)
            }
        }
        self.places = places
        count = memory.arrange()
    }

    /// When the maps that are made again are: before the backward pass of a map's reader or, where that reader's own
    /// map is made again, when that is.
    private static func repeatedMoments(_ maps: [FeatureMap], last: Int) -> [ObjectIdentifier: Int] {
        var moments: [ObjectIdentifier: Int] = [:]
        for map in maps.reversed() where map.isRecomputable {
            precondition(map.readers.count == 1 && !map.isAdded, "a map that is made again has one reader")
            precondition(map.valuesHome == nil, "a map that is made again has a place of its own")
            let reader = map.readers[0]
            let readers = maps.filter { $0.maker == reader }.compactMap { moments[ObjectIdentifier($0)] }
            moments[ObjectIdentifier(map)] = readers.reduce(last - reader, min)
        }
        return moments
    }

    /// One slot for all maps that lie in the same one's memory, from the first that lives to the last.
    private static func request(
        _ memory: inout BufferPlan, _ maps: [FeatureMap], home: KeyPath<FeatureMap, FeatureMap?>,
        _ floats: (FeatureMap) -> Int, lifetime: (FeatureMap) -> ClosedRange<Int>
    ) -> [BufferPlan.Slot] {
        var needs: [ObjectIdentifier: (count: Int, lifetime: ClosedRange<Int>)] = [:]
        let homes = maps.map { map in
            var place = map
            while let next = place[keyPath: home] { place = next }
            return ObjectIdentifier(place)
        }
        for (map, place) in zip(maps, homes) {
            let mine = lifetime(map), other = needs[place] ?? (floats(map), mine)
            let start = min(mine.lowerBound, other.lifetime.lowerBound)
            let end = max(mine.upperBound, other.lifetime.upperBound)
            needs[place] = (max(floats(map), other.count), start...end)
        }
        var slots: [ObjectIdentifier: BufferPlan.Slot] = [:]
        return homes.map { place in
            if let slot = slots[place] { return slot }
            let slot = memory.request(count: needs[place]!.count, lifetime: needs[place]!.lifetime)
            slots[place] = slot
            return slot
        }
    }

    /// Takes the memory and gives every map its parts.
    func allocate() -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: count)
        for (map, place) in zip(maps, places) {
            map.values = buffer.base + place.values.offset
            map.firstValues = map.values
            map.repeatedValues = place.again.map { buffer.base + $0.offset }
            map.gradient = place.gradient.map { buffer.base + $0.offset }
        }
        return buffer
    }
}
