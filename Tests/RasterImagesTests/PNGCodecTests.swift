import Numerics
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import RasterImages

struct PNGCodecTests {
    private static func noise(_ width: Int, _ height: Int, seed: UInt64 = 1) -> RGBImage {
        var random = CounterRandom(seed: seed)
        let pixels = (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    @Test func everyColourTypeAndDepthBecomesRGB() throws {
        let files = try Fixture.decode([String: Fixture.File].self, "png")
        #expect(files.count == 17)
        for (name, fixture) in files {
            let image = try PNGCodec.decode([UInt8](fixture.file))
            #expect(image.width == fixture.width && image.height == fixture.height, "\(name)")
            #expect(image.pixels == [UInt8](fixture.rgb), "\(name)")
        }
    }

    @Test(arguments: [(1, 1), (3, 2), (224, 224), (1, 500)])
    func whatIsEncodedIsDecoded(width: Int, height: Int) throws {
        for image in [
            Self.noise(width, height),
            RGBImage(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height * 3)),
        ] {
            #expect(try PNGCodec.decode(PNGCodec.encode(image)) == image)
        }
    }

    /// Colour type in the header: 0 is grey, 2 is colour.
    @Test func greyImagesHaveOneChannel() throws {
        var pixels = (0..<300).flatMap { level in [UInt8](repeating: UInt8(level % 256), count: 3) }
        let grey = RGBImage(width: 30, height: 10, pixels: pixels)
        let bytes = try PNGCodec.encode(grey)
        #expect(bytes[25] == 0)
        #expect(try PNGCodec.decode(bytes) == grey)
        pixels[899] ^= 1
        let coloured = RGBImage(width: 30, height: 10, pixels: pixels)
        #expect(try PNGCodec.encode(coloured)[25] == 2)
        #expect(try PNGCodec.decode(PNGCodec.encode(coloured)) == coloured)
    }

    @Test func aFileCutAnywhereIsAnError() throws {
        let whole = try PNGCodec.encode(Self.noise(20, 20))
        for count in 0..<whole.count {
            let expected = count == 0 ? PNGError.notPNG : .cutShort(byteCount: count)
            #expect(throws: expected) { try PNGCodec.decode(Array(whole.prefix(count))) }
        }
        #expect(try PNGCodec.decode(whole + [1, 2, 3]) == PNGCodec.decode(whole))
        #expect(
            PNGError.cutShort(byteCount: 9).description
                == "the PNG image is cut short: it ends after 9 bytes without its IEND chunk")
        #expect(
            PNGError.notCompressed.description == "the image could not be compressed as PNG: zlib ran out of memory")
    }

    @Test func soundChunksThatAreNoImageAreErrors() throws {
        let files = try Fixture.decode([String: Data].self, "broken")
        #expect(files.count == 9)
        for (name, file) in files {
            #expect(throws: PNGError.self, "\(name)") { try PNGCodec.decode([UInt8](file)) }
        }
    }

    /// Repairs the checksums of all recognisable chunks.
    private static func repairChecksums(_ bytes: inout [UInt8]) {
        var offset = 8
        while bytes.count - offset >= 12 {
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            if length > bytes.count - offset - 12 { return }
            var sum = UInt32.max
            for byte in bytes[offset + 4..<offset + 8 + length] {
                sum ^= UInt32(byte)
                for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
            }
            for byte in 0..<4 {
                bytes[offset + 8 + length + byte] = UInt8(truncatingIfNeeded: ~sum >> UInt32(24 - 8 * byte))
            }
            offset += 12 + length
        }
    }

    /// Changed bytes must give an error or an image of the size in the header.
    @Test func changedBytesNeverCrash() throws {
        let files = try Fixture.decode([String: Fixture.File].self, "png").sorted { $0.key < $1.key }
        var random = CounterRandom(seed: 11)
        var (errors, images) = (0, 0)
        for (_, fixture) in files {
            let whole = [UInt8](fixture.file)
            for _ in 0..<400 {
                var bytes = whole
                for _ in 0...random.index(below: 3) {
                    bytes[random.index(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
                }
                if random.index(below: 4) == 0 { bytes.removeLast(random.index(below: bytes.count)) }
                if random.index(below: 3) > 0 { Self.repairChecksums(&bytes) }
                do throws(PNGError) {
                    let image = try PNGCodec.decode(bytes)
                    #expect(image.pixels.count == image.width * image.height * 3)
                    images += 1
                } catch {
                    errors += 1
                }
            }
        }
        #expect(errors > 1000)
        #expect(images > 0)
    }

    private static func withHeader(width: UInt32, height: UInt32) throws -> [UInt8] {
        var bytes = try PNGCodec.encode(noise(4, 4))
        for (offset, value) in [(16, width), (20, height)] {
            for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * byte)) }
        }
        return bytes
    }

    @Test func aLyingHeaderIsFoundBeforeMemoryIsTaken() throws {
        let large = try Self.withHeader(width: 100_000, height: 100_000)
        #expect(throws: PNGError.tooLarge(width: 100_000, height: 100_000)) { try PNGCodec.decode(large) }
        let largest = try Self.withHeader(width: .max, height: .max)
        #expect(throws: PNGError.tooLarge(width: Int(UInt32.max), height: Int(UInt32.max))) {
            try PNGCodec.decode(largest)
        }
        let implausible = try Self.withHeader(width: 8000, height: 8000)
        let error = PNGError.implausibleSize(width: 8000, height: 8000, byteCount: implausible.count)
        #expect(throws: error) { try PNGCodec.decode(implausible) }
        #expect(
            error.description == "the PNG header says 8000 × 8000 pixels, more than \(implausible.count) bytes can hold"
        )
        #expect(
            PNGError.tooLarge(width: 100_000, height: 2).description
                == "the PNG header says 100000 × 2 pixels; the limit is 67108864 in all")
        let empty = try Self.withHeader(width: 0, height: 5)
        #expect(throws: PNGError.damaged("the header's fields are invalid")) { try PNGCodec.decode(empty) }
    }

    @Test func otherFilesAreNotPNG() {
        for bytes in [
            [UInt8]("GIF89a, and quite a lot of it, and more".utf8), [0xFF, 0xD8], [UInt8](repeating: 0, count: 99),
        ] {
            #expect(throws: PNGError.notPNG) { try PNGCodec.decode(bytes) }
        }
        #expect(PNGError.notPNG.description == "not a PNG image: its signature or header is missing")
    }

    @Test func damagedContentIsAnErrorOfLibpng() throws {
        var bytes = try PNGCodec.encode(Self.noise(20, 20))
        bytes[60] ^= 0xFF
        do throws(PNGError) {
            _ = try PNGCodec.decode(bytes)
            Issue.record("a damaged image was decoded")
        } catch {
            guard case .damaged(let message) = error else { throw error }
            #expect(!message.isEmpty)
            #expect(error.description == "the PNG image is damaged (libpng: \(message))")
        }
    }

    /// An `eXIf` chunk turns the image like a JPEG's EXIF segment, unless ignored. A damaged one does not prevent reading.
    @Test func exifTurnsTheImage() throws {
        let image = RGBImage(width: 3, height: 2, pixels: (0..<18).map { UInt8(10 * $0) })
        let plain = try PNGCodec.encode(image)
        for (value, turned) in [
            (1, image), (3, image.oriented(.bottomRight, .apply)), (6, image.oriented(.rightTop, .apply)),
        ] {
            // Little-endian TIFF with one directory entry: orientation as a short.
            let tiff: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, UInt8(value), 0, 0, 0]
            let bytes = Self.inserting("eXIf", tiff, into: plain)
            #expect(try PNGCodec.decode(bytes) == turned)
            #expect(try PNGCodec.decode(bytes, exif: .ignore) == image)
            #expect(try PNGCodec.decode(Self.inserting("eXIf", Array(tiff.prefix(15)), into: plain)) == image)
            let folder = try TemporaryFolder()
            try folder.write(Data(bytes), to: "a.png")
            let size = try RGBImage.size(of: folder.url.appendingPathComponent("a.png"))
            #expect(size == (turned.width, turned.height))
        }
    }

    /// The file with another chunk after the header.
    private static func inserting(_ type: String, _ content: [UInt8], into bytes: [UInt8]) -> [UInt8] {
        func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 0xFF) } }
        let body = Array(type.utf8) + content
        let checksum = body.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        let chunk = big(UInt32(content.count)) + body + big(~checksum)
        return Array(bytes[..<33]) + chunk + Array(bytes[33...])
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let folder = try TemporaryFolder()
        let missing = folder.url.appendingPathComponent("missing.png")
        #expect(throws: ImageFileError.unreadable(.missing(path: missing.path))) { try RGBImage(contentsOf: missing) }
        #expect(throws: ImageFileError.unreadable(.isAFolder(path: folder.url.path))) {
            try RGBImage(contentsOf: folder.url)
        }
        let pipe = folder.url.appendingPathComponent("pipe.png")
        mkfifo(pipe.path, 0o600)
        #expect(throws: ImageFileError.unreadable(.notARegularFile(path: pipe.path))) {
            try RGBImage(contentsOf: pipe)
        }
        try folder.write("no image", to: "text.png")
        let text = folder.url.appendingPathComponent("text.png")
        let error = ImageFileError.unknownFormat(path: text.path, start: [UInt8]("no i".utf8))
        #expect(throws: error) { try RGBImage(contentsOf: text) }
        #expect(
            error.description
                == "\(text.path): not a PNG, JPEG or WebP image; it begins with the bytes 6E 6F 20 69")
    }
}
