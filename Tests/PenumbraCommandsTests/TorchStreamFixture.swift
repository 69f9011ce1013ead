import Foundation
import NeuralNetwork

/// Writes `float32` state dicts in the format PyTorch used before 1.6.
enum TorchStreamFixture {
    /// Writes `{"epoch": 3, "state_dict": {…}}` with `module.` before every name.
    static func write(_ tensors: [NamedTensor], to path: String) throws {
        try write(dicts: [("state_dict", tensors)], to: path)
    }

    /// The same with several dicts in place of `state_dict`.
    static func write(dicts: [(key: String, tensors: [NamedTensor])], to path: String) throws {
        let tensors = dicts.flatMap(\.tensors)
        var bytes: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        bytes += [0x80, 2, 0x4D, 0xE9, 3, 0x2E, 0x80, 2] + Array("}.".utf8)
        bytes += [0x80, 2] + Array("}(".utf8)
        bytes += text("epoch") + integer(3)
        var index = 0
        for dict in dicts {
            bytes += text(dict.key) + Array("}(".utf8)
            for tensor in dict.tensors {
                bytes += text("module." + tensor.name)
                bytes += Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8)
                bytes += text("storage") + Array("ctorch\nFloatStorage\n".utf8)
                bytes += text("\(index)") + text("cpu")
                bytes += integer(tensor.values.count) + Array("NtQ".utf8)
                bytes += integer(0) + tuple(tensor.shape)
                bytes += tuple(strides(tensor.shape)) + [0x89]
                bytes += Array("}tR".utf8)
                index += 1
            }
            bytes += Array("u".utf8)
        }
        bytes += Array("u.".utf8) + [0x80, 2]
        bytes += Array("](".utf8)
        for index in tensors.indices { bytes += text("\(index)") }
        bytes += Array("e.".utf8)
        for tensor in tensors {
            bytes += little(tensor.values.count, 8)
            tensor.values.withUnsafeBytes { bytes += $0 }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private static func strides(_ shape: [Int]) -> [Int] {
        var strides: [Int] = [], step = 1
        for extent in shape.reversed() {
            strides.insert(step, at: 0)
            step *= extent
        }
        return strides
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func text(_ text: String) -> [UInt8] {
        Array("X".utf8) + little(text.utf8.count, 4) + Array(text.utf8)
    }

    private static func integer(_ value: Int) -> [UInt8] { Array("J".utf8) + little(value, 4) }

    private static func tuple(_ values: [Int]) -> [UInt8] {
        Array("(".utf8) + values.flatMap(integer) + Array("t".utf8)
    }
}
