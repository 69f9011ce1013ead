import Numerics
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import RasterImages

struct JPEGCodecTests {
    private static func fixtures() throws -> [(name: String, file: Fixture.File)] {
        try Fixture.decode([String: Fixture.File].self, "jpeg").sorted { $0.key < $1.key }
            .map { (name: $0.key, file: $0.value) }
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(try fixtures().first { $0.name == name }).file.file)
    }

    /// Both decoders are libjpeg-turbo, in versions with the same transform and chroma upsampling.
    @Test func everyKindDecodesAsWithPillow() throws {
        let fixtures = try Self.fixtures()
        #expect(fixtures.count == 28)
        for (name, fixture) in fixtures {
            let image = try JPEGCodec.decode([UInt8](fixture.file))
            #expect(image.width == fixture.width && image.height == fixture.height, "\(name)")
            let differences = zip(image.pixels, [UInt8](fixture.rgb)).map { abs(Int($0) - Int($1)) }
            #expect(differences.count == fixture.rgb.count, "\(name)")
            #expect(differences.max()! == 0, "\(name)")
        }
    }

    @Test func aFileCutAnywhereIsAnError() throws {
        for name in ["420", "progressive420", "restarts", "exif6"] {
            let whole = try Self.bytes(name)
            for count in 0..<whole.count {
                let expected = count == 0 ? JPEGError.notJPEG : .cutShort(byteCount: count)
                #expect(throws: expected) { try JPEGCodec.decode(Array(whole.prefix(count))) }
            }
        }
        #expect(
            JPEGError.cutShort(byteCount: 9).description
                == "the JPEG image is cut short: it ends after 9 bytes without its end marker (EOI)")
    }

    private static let prematureEnd = JPEGError.damaged("Corrupt JPEG data: premature end of data segment")

    /// With an end marker in place, only libjpeg can notice the missing content.
    @Test func contentThatIsCutIsAnError() throws {
        for name in ["grey", "444", "cmyk"] {
            let whole = try Self.bytes(name)
            let scan = try #require((0..<whole.count).last { whole[$0...].starts(with: [0xFF, 0xDA]) })
            // Starts after the scan header of at most 14 bytes. The last byte may hold only padding.
            for count in scan + 16..<whole.count - 3 where whole[count - 1] != 0xFF {
                let cut = Array(whole.prefix(count)) + [0xFF, 0xD9]
                #expect(throws: Self.prematureEnd, "\(name), \(count)") { try JPEGCodec.decode(cut) }
            }
        }
    }

    /// Changed bytes must give an error or an image of the size in the header.
    @Test func changedBytesNeverCrash() throws {
        var random = CounterRandom(seed: 12)
        var (errors, images) = (0, 0)
        for (_, fixture) in try Self.fixtures() {
            let whole = [UInt8](fixture.file)
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0...random.index(below: 3) {
                    bytes[random.index(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
                }
                if random.index(below: 4) == 0 {
                    bytes.removeLast(random.index(below: bytes.count))
                    bytes += [0xFF, 0xD9]
                }
                do throws(JPEGError) {
                    let image = try JPEGCodec.decode(bytes)
                    #expect(image.pixels.count == image.width * image.height * 3)
                    images += 1
                } catch {
                    errors += 1
                }
            }
        }
        #expect(errors > 1000)
        #expect(images > 1000)
    }

    /// The file with another size in its frame header.
    private static func resized(_ name: String = "444", width: Int, height: Int) throws -> [UInt8] {
        var bytes = try Self.bytes(name)
        let frame = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1]) })
        for (offset, value) in [(5, height), (7, width)] {
            bytes[frame + offset] = UInt8(value >> 8)
            bytes[frame + offset + 1] = UInt8(value & 255)
        }
        return bytes
    }

    @Test func aLyingHeaderIsFoundBeforeMemoryIsTaken() throws {
        let largest = try Self.resized(width: 65_535, height: 65_535)
        #expect(throws: JPEGError.tooLarge(width: 65_535, height: 65_535)) { try JPEGCodec.decode(largest) }
        let implausible = try Self.resized(width: 8000, height: 8000)
        let error = JPEGError.implausibleSize(width: 8000, height: 8000, byteCount: implausible.count)
        #expect(throws: error) { try JPEGCodec.decode(implausible) }
        #expect(
            error.description
                == "the JPEG header says 8000 × 8000 pixels, more than \(implausible.count) bytes can hold")
        #expect(
            JPEGError.tooLarge(width: 65_535, height: 2000).description
                == "the JPEG header says 65535 × 2000 pixels; the limit is 67108864 in all")
        let empty = try Self.resized(width: 0, height: 5)
        #expect(throws: JPEGError.damaged("the header's fields are invalid")) { try JPEGCodec.decode(empty) }
        let larger = try Self.resized(width: 60, height: 60)
        #expect(throws: Self.prematureEnd) { try JPEGCodec.decode(larger) }
    }

    @Test func scansWithoutEndAreRefused() throws {
        let whole = try Self.bytes("greyProgressive")
        let scan = try #require((0..<whole.count).last { whole[$0...].starts(with: [0xFF, 0xDA]) })
        let repeated = Array(repeating: whole[scan..<whole.count - 2], count: JPEGCodec.largestScanCount).joined()
        let bomb = whole.prefix(scan) + repeated + [0xFF, 0xD9]
        let error = thrown(JPEGError.self) { try JPEGCodec.decode(Array(bomb)) }
        guard case .tooManyScans(let count) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(count > 100)
        #expect(
            JPEGError.tooManyScans(200).description == "the JPEG image has 200 scans; the limit is 100")
    }

    @Test func kindsThatAreNotReadAreErrors() throws {
        let whole = try Self.bytes("444")
        let frame = try #require((0..<whole.count).first { whole[$0...].starts(with: [0xFF, 0xC0]) })
        var twelveBits = whole
        twelveBits[frame + 4] = 12
        #expect(throws: JPEGError.damaged("Unsupported JPEG data precision 12")) { try JPEGCodec.decode(twelveBits) }
        var lossless = whole
        lossless[frame + 1] = 0xC3
        // libjpeg-turbo 3.0 and later know this kind, but not these tables.
        let error = thrown(JPEGError.self) { try JPEGCodec.decode(lossless) }
        guard case .damaged(let words) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(words.hasPrefix("Unsupported "))
        #expect(
            JPEGError.damaged("so").description
                == "the JPEG image is damaged or of an unsupported kind (libjpeg: so)")
        for bytes in [[0xFF, 0xD8, 0xFF, 0xD9], [0xFF, 0xD8] + whole[frame...]] as [[UInt8]] {
            #expect(throws: JPEGError.self) { try JPEGCodec.decode(bytes) }
        }
    }

    @Test func otherFilesAreNotJPEG() {
        for bytes in [[UInt8]("GIF89a, and quite a lot of it, and more".utf8), [0x89, 0x50], [0xFF, 0xD7]] {
            #expect(throws: JPEGError.notJPEG) { try JPEGCodec.decode(bytes) }
        }
        #expect(JPEGError.notJPEG.description == "not a JPEG image: its start marker (SOI) is missing")
    }

    @Test func theFormatIsTakenFromTheFirstBytes() throws {
        let folder = try TemporaryFolder()
        let jpeg = try Self.bytes("444"), png = try PNGCodec.encode(JPEGCodec.decode(jpeg))
        try folder.write(Data(jpeg), to: "a.png")
        try folder.write(Data(png), to: "b.jpg")
        let named = ["a.png", "b.jpg"].map { folder.url.appendingPathComponent($0) }
        #expect(try RGBImage(contentsOf: named[0]) == RGBImage(contentsOf: named[1]))

        try folder.write(Data(Self.bytes("exif6")), to: "turned.jpg")
        #expect(try RGBImage.size(of: folder.url.appendingPathComponent("turned.jpg")) == (13, 19))
        #expect(try RGBImage.size(of: named[0]) == (19, 13))
        #expect(try RGBImage.size(of: named[1]) == (19, 13))

        try folder.write(Data(jpeg.dropLast(9)), to: "cut.jpg")
        let cut = folder.url.appendingPathComponent("cut.jpg")
        let error = ImageFileError.jpeg(path: cut.path, .cutShort(byteCount: jpeg.count - 9))
        #expect(throws: error) { try RGBImage(contentsOf: cut) }
        #expect(error.description.hasPrefix("\(cut.path): the JPEG image is cut short"))

        try folder.write("", to: "empty.jpg")
        let empty = folder.url.appendingPathComponent("empty.jpg")
        let nothing = ImageFileError.unknownFormat(path: empty.path, start: [])
        #expect(throws: nothing) { try RGBImage(contentsOf: empty) }
        #expect(nothing.description == "\(empty.path): the file is empty; expected a PNG, JPEG or WebP image")
    }
}
