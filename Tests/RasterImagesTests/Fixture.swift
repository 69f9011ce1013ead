import Foundation
import Testing

/// Values written by `image_fixtures.py`, `jpeg_fixtures.py` and `webp_fixtures.py` in `Tools/reference`.
enum Fixture {
    struct Resize: Decodable {
        struct Case: Decodable {
            let side: Int
            let antialias: Bool
            let planes: [Float]
        }
        let width: Int
        let height: Int
        let pixels: [UInt8]
        let cases: [Case]
    }

    struct Upsample: Decodable {
        let width: Int
        let height: Int
        let pixels: [UInt8]
        let rgb: [UInt8]
    }

    /// An image file and its decoded pixels.
    struct File: Decodable {
        let file: Data
        let width: Int
        let height: Int
        let rgb: Data
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}
