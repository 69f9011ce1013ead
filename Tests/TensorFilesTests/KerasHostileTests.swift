import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Malformed Keras files. Reading must end in values or a single error.
@Suite struct KerasHostileTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("model").path
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        try #require(KerasReferenceFiles.bytes(name), "no file named '\(name)'")
    }

    /// The error from reading the whole file; nil if it can be read. HDF5 is read directly from memory.
    private func fault(_ bytes: [UInt8]) throws -> (any Error)? {
        do {
            let file: KerasFile
            if bytes.starts(with: "PK".utf8) {
                file = try KerasFile(folder.file("model", holding: bytes), isArchive: true)
            } else {
                file = try KerasFile(MemoryBytes(bytes, path: path))
            }
            _ = try file.values(of: file.tensors)
            return nil
        } catch { return error }
    }

    private func hdf5Fault(_ name: String) throws -> HDF5Error? { try fault(bytes(name)) as? HDF5Error }

    /// Replaces bytes from `offset` after the start of the `occurrence`-th `pattern`.
    private func patched(
        _ bytes: [UInt8], _ pattern: String, occurrence: Int = 0, offset: Int, _ replacement: [UInt8]
    ) throws -> [UInt8] {
        let places = bytes.indices.filter { bytes[$0...].starts(with: pattern.utf8) }
        let place = try #require(places.dropFirst(occurrence).first) + offset
        var bytes = bytes
        bytes.replaceSubrange(place..<place + replacement.count, with: replacement)
        return bytes
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    // MARK: - Kinds of errors

    @Test func linksThatLeadElsewhereAreNotFollowed() throws {
        let name = "conv1_conv/bias"
        #expect(try hdf5Fault("soft link") == .foreignLink(path: path, name: name, kind: "soft"))
        #expect(try hdf5Fault("external link") == .foreignLink(path: path, name: name, kind: "external"))
        #expect(
            try hdf5Fault("external storage")
                == .unsupported(path: path, name: "w", feature: "elements in another file"))
        #expect(
            try hdf5Fault("virtual")
                == .unsupported(path: path, name: "w", feature: "a virtual array, made of others"))
    }

    @Test func cyclesAndDepthEnd() throws {
        #expect(try hdf5Fault("deep") == .tooDeep(path: path, limit: 64))
        for name in ["cycle", "array twice"] {
            guard case .repeated(path, _)? = try hdf5Fault(name) else {
                Issue.record("\(name): \(String(describing: try hdf5Fault(name)))")
                continue
            }
        }
    }

    @Test func compressionHasLimits() throws {
        guard case .expanded(path, "w", 256 << 20, let needed)? = try hdf5Fault("bomb"), needed > 256 << 20 else {
            Issue.record("\(String(describing: try hdf5Fault("bomb")))")
            return
        }
        #expect(
            try hdf5Fault("lzf")
                == .unsupported(path: path, name: "w", feature: "filter 32000 (gzip, shuffle, fletcher32 are read)"))
        let error = try fault(bytes("compressed archive")) as? KerasError
        #expect(error == .compressedEntry(path: path, entry: "model.weights.h5"))
    }

    @Test func whatIsNoModelOfKeras() throws {
        #expect(try fault(bytes("other arrays")) as? KerasError == .noWeights(path: path, found: ["mydata"]))
        #expect(
            try fault(bytes("archive without weights")) as? KerasError
                == .missingEntry(path: path, entry: "model.weights.h5"))
        #expect(
            try hdf5Fault("many attributes")
                == .unsupported(
                    path: path, name: "/", feature: "links in a heap, as 'libver=latest' writes them"))
    }

    @Test func sizesThatLie() throws {
        let file = try bytes("legacy weights")
        // The shape follows the type in a weight's header; the first array, 2 x 2 x 1 x 2, has a dataspace of rank 4.
        let shape = little(2, 8) + little(2, 8) + little(1, 8) + little(2, 8)
        let text = String(decoding: shape, as: UTF8.self)
        #expect(
            try fault(patched(file, text, offset: 0, little(1 << 40, 8))) as? HDF5Error
                == .wrongDataSize(path: path, name: "conv1_conv/kernel", found: 32, expected: 1 << 44))
        #expect(
            try fault(patched(file, text, offset: 0, little(1 << 62, 8))) as? HDF5Error
                == .shapeTooLarge(path: path, name: "conv1_conv/kernel", shape: [1 << 62, 2, 1, 2]))
        // The end-of-file address in the superblock.
        var longer = file
        longer.replaceSubrange(40..<48, with: little(file.count + 1, 8))
        #expect(try fault(longer) as? HDF5Error == .cutShort(path: path, found: file.count, expected: file.count + 1))
        // A tree whose node points to itself.
        var cyclic = file
        let tree = try #require(cyclic.indices.first { cyclic[$0...].starts(with: "TREE".utf8) })
        cyclic.replaceSubrange(tree + 5..<tree + 6, with: [1])
        cyclic.replaceSubrange(tree + 32..<tree + 40, with: little(tree, 8))
        #expect(try fault(cyclic) as? HDF5Error == .repeated(path: path, position: tree))
        // A text heap with a wrong start.
        let damaged = try fault(patched(file, "GCOL", offset: 8, little(1 << 50, 8)))
        guard case HDF5Error.cutShort? = damaged else {
            Issue.record("\(String(describing: damaged))")
            return
        }
    }

    /// Chunks are protected by a checksum and by the deflate stream.
    @Test func damagedChunks() throws {
        let file = try bytes("filters")
        var count = 0
        for place in stride(from: 0, to: file.count, by: 11) {
            var changed = file
            changed[place] ^= 0x55
            if case HDF5Error.damaged? = try fault(changed) { count += 1 }
        }
        #expect(count > 3, "\(count) of the changed bytes showed")
    }

    /// libFuzzer found this: unshuffling elements of four billion bytes took ten seconds.
    @Test(arguments: [8, 0xFFFF_FFFF]) func elementsOfAnotherSizeAreNotPutInOrder(size: Int) throws {
        let file = try bytes("filters")
        // Filter number, name, flags and number of values, then the element size.
        let shuffle = [UInt8]([2, 0, 8, 0, 1, 0, 1, 0]) + Array("shuffle\0".utf8)
        let place = try #require(file.indices.first { file[$0...].starts(with: shuffle) }) + shuffle.count
        #expect(Array(file[place..<place + 4]) == [4, 0, 0, 0])
        var changed = file
        changed.replaceSubrange(place..<place + 4, with: little(size, 4))
        guard case HDF5Error.malformed(path, _, let problem)? = try fault(changed) else {
            Issue.record("elements of \(size) bytes are put in order")
            return
        }
        #expect(problem == "a shuffle of elements of \(size) bytes; expected 4")
    }

    // MARK: - Properties

    /// A file cut at any length reports that it is cut short.
    @Test(arguments: ["legacy weights", "weights", "newer superblock", "filters"]) func cutAnywhere(name: String) throws
    {
        let file = try bytes(name)
        for length in Array(8..<200) + Array(stride(from: 200, to: file.count, by: 23)) {
            let error = try fault(Array(file[..<length]))
            guard case HDF5Error.cutShort(path, length, _)? = error else {
                Issue.record("\(length) bytes: \(String(describing: error))")
                return
            }
        }
    }

    @Test func archivesCutAnywhere() throws {
        let file = try bytes("archive")
        for length in stride(from: 44, to: file.count, by: 101) {
            #expect(try fault(Array(file[..<length])) is ZIPError, "\(length) bytes")
        }
    }

    /// Changed bytes give values or a single-line error of the readers.
    @Test(arguments: ["legacy weights", "weights", "newer superblock", "filters", "ordered", "types", "nested weights"])
    func changedBytesGiveValuesOrAnError(name: String) throws {
        let file = try bytes(name)
        var state = UInt64(name.utf8.count)
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // Most of a file is unused space.
        let places = file.indices.filter { file[$0] != 0 }
        for _ in 0..<200 {
            var changed = file
            for _ in 0...random(3) {
                let place = places[random(places.count)]
                changed[place] = [0, 1, 0xFF, changed[place] ^ UInt8(1 << random(8)), UInt8(random(256))][random(5)]
            }
            guard let error = try fault(changed) else { continue }
            #expect(error is HDF5Error || error is KerasError, "\(error)")
            #expect(!"\(error)".contains("\n"))
        }
    }
}
