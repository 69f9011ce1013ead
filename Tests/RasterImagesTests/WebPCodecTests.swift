import Foundation
import Numerics
import TensorFiles
import TestSupport
import Testing

@testable import RasterImages

struct WebPCodecTests {
    private static func fixtures() throws -> [(name: String, file: Fixture.File)] {
        try Fixture.decode([String: Fixture.File].self, "webp").sorted { $0.key < $1.key }
            .map { (name: $0.key, file: $0.value) }
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(try fixtures().first { $0.name == name }).file.file)
    }

    /// Both decoders are libwebp, in versions that agree.
    @Test func everyKindDecodesAsWithPillow() throws {
        let fixtures = try Self.fixtures()
        #expect(fixtures.count == 20)
        for (name, fixture) in fixtures {
            let image = try WebPCodec.decode([UInt8](fixture.file))
            #expect(image.width == fixture.width && image.height == fixture.height, "\(name)")
            #expect(image.pixels == [UInt8](fixture.rgb), "\(name)")
        }
    }

    @Test func aFileCutAnywhereIsAnError() throws {
        for name in ["lossy", "lossless", "lossyAlpha", "exif6"] {
            let whole = try Self.bytes(name)
            for count in 0..<whole.count {
                let expected = count == 0 ? WebPError.notWebP : .cutShort(byteCount: count)
                #expect(throws: expected, "\(name), \(count)") { try WebPCodec.decode(Array(whole.prefix(count))) }
            }
        }
        #expect(WebPError.cutShort(byteCount: 9).description == "the WebP image is cut short: it ends after 9 bytes")
    }

    /// Changed bytes must give an error or an image of the size in the header.
    @Test func changedBytesNeverCrash() throws {
        var random = CounterRandom(seed: 13)
        var (errors, images) = (0, 0)
        for (_, fixture) in try Self.fixtures() {
            for _ in 0..<200 {
                var bytes = [UInt8](fixture.file)
                for _ in 0...random.index(below: 3) {
                    bytes[random.index(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
                }
                do throws(WebPError) {
                    let image = try WebPCodec.decode(bytes)
                    #expect(image.pixels.count == image.width * image.height * 3)
                    images += 1
                } catch {
                    errors += 1
                }
            }
        }
        #expect(errors > 300 && images > 300)
    }

    /// The lossless fixture claiming this size: 14 bits each for width and height minus one.
    private static func resized(width: Int, height: Int) throws -> [UInt8] {
        var bytes = try Self.bytes("lossless")
        let size = UInt32(width - 1) | UInt32(height - 1) << 14
        for index in 0..<4 { bytes[21 + index] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(index))) }
        return bytes
    }

    @Test func aLyingHeaderIsFoundBeforeMemoryIsTaken() throws {
        let largest = try Self.resized(width: 16_383, height: 16_383)
        let tooLarge = WebPError.tooLarge(width: 16_383, height: 16_383)
        #expect(throws: tooLarge) { try WebPCodec.decode(largest) }
        #expect(
            tooLarge.description == "the WebP header says 16383 × 16383 pixels; the limit is 67108864 in all")
        let implausible = try Self.resized(width: 8000, height: 8000)
        let error = WebPError.implausibleSize(width: 8000, height: 8000, byteCount: implausible.count)
        #expect(throws: error) { try WebPCodec.decode(implausible) }
        #expect(
            error.description
                == "the WebP header says 8000 × 8000 pixels, more than \(implausible.count) bytes can plausibly hold")
    }

    @Test func animationsAreErrors() throws {
        let animation = """
            UklGRiABAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAAAAAAAAABBTk1GbgAAAAAAAAAAAAcAAAcAAGQAAAJWUDggVgAAANABAJ0BKggA\
            CAABQCYlqAADQRFqPo3AAP744++N6fcnuZpFxhklpjeGT10FCvUHDXns7CuEj5VAX/1MCm23aXl/IHrv4UTZc38gz9jLcjEdWIwrIAAAQU5NRn4A\
            AAAAAAAAAAAHAAAHAABkAAAAVlA4IGYAAADUAQCdASoIAAgAAAAmJbAAAz1XzflEsAD++QJwVbi+HgIFzr8G0R4UrHYpwXQIrUZsef//4xf/Ku/X\
            8zuPv1ah3EH/DFv//l6+8PfTs//+XJ/6ie/+f86o//s6xb//Pr+Xb7dgAAA=
            """
        let bytes = [UInt8](try #require(Data(base64Encoded: animation)))
        #expect(throws: WebPError.animated) { try WebPCodec.decode(bytes) }
        #expect(WebPError.animated.description == "the WebP image is an animation; expected a single image")
    }

    @Test func otherFilesAreNotWebP() throws {
        for bytes in [[UInt8]("RIFF\u{4}\0\0\0WAVEfmt ".utf8), [0x89, 0x50], []] {
            #expect(throws: WebPError.notWebP) { try WebPCodec.decode(bytes) }
        }
        #expect(WebPError.notWebP.description == "not a WebP image: its signature is missing")
        var damaged = try Self.bytes("lossy")
        damaged[23] ^= 0xFF
        #expect(throws: WebPError.damaged("an error in the bit stream")) { try WebPCodec.decode(damaged) }
        #expect(WebPError.damaged("so").description == "the WebP image is damaged (libwebp: so)")
    }

    @Test func filesAreReadWhateverTheyAreCalled() throws {
        let folder = try TemporaryFolder()
        let named = try folder.file("a.jpg", holding: Self.bytes("exif6"))
        #expect(try RGBImage(contentsOf: named).width == 13)
        #expect(try RGBImage.size(of: named) == (13, 19))
        let cut = try folder.file("cut.webp", holding: Self.bytes("lossy").dropLast(9))
        #expect(throws: ImageFileError.self) { try RGBImage(contentsOf: cut) }
    }

    private static let starts: [(ImageFormat, [UInt8])] = [
        (.gif, [UInt8]("GIF89a".utf8)),
        (.bmp, [UInt8]("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]),
        (.tiff, [0x49, 0x49, 0x2A, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A]),
        (.heif, [0, 0, 0, 24] + [UInt8]("ftypavif".utf8)),
        (.jpeg2000, [0, 0, 0, 12] + [UInt8]("jP  ".utf8)),
        (.dicom, [UInt8](repeating: 0, count: 128) + [UInt8]("DICM".utf8)),
    ]

    @Test(arguments: starts) func formatsThatAreNotReadAreNamed(format: ImageFormat, start: [UInt8]) throws {
        #expect(ImageFormat(start: start) == format && !format.isRead)
        let folder = try TemporaryFolder()
        let url = try folder.file("a.png", holding: start)
        let error = ImageFileError.unreadFormat(path: url.path, name: format.rawValue)
        #expect(throws: error) { try RGBImage(contentsOf: url) }
        #expect(
            error.description == "\(url.path): a \(format.rawValue) image; expected PNG, JPEG or WebP: convert it")
    }

    @Test func textsAreNoImages() {
        for text in ["", "BMI,age,height,weight and more", "II.", "MM", "ftypical", "RIFFraff and so on"] {
            #expect(ImageFormat(start: [UInt8](text.utf8)) == nil, "\(text)")
        }
    }
}
