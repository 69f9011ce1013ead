import ArgumentParser
import NeighborEmbedding

extension ProjectionParameters {
    /// How the repulsive forces are computed.
    enum Method: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
        case automatic = "auto"
        case exact
        case barnesHut = "barnes-hut"
        case interpolation
    }

    /// Whether phases and run have fixed lengths or end by themselves.
    enum Stop: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
        case automatic = "auto"
        case iterations = "max-iter"
    }

    /// The effective numbers of neighbours: one, or several with commas between them. In JSON a single one is a number.
    struct Perplexities: Codable, Sendable, Equatable, ExpressibleByArgument, ExpressibleByFloatLiteral,
        CustomStringConvertible
    {
        let values: [Double]

        init(_ values: [Double]) { self.values = values }

        init(floatLiteral value: Double) { values = [value] }

        init?(argument: String) {
            let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            guard parts.allSatisfy({ $0 != nil }) else { return nil }
            values = parts.compactMap { $0 }
        }

        /// The number, where there is one only.
        var single: Double? { values.count == 1 ? values[0] : nil }

        var description: String { values.map { "\($0)" }.joined(separator: ",") }
        var defaultValueDescription: String { description }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            values = try (try? container.decode(Double.self)).map { [$0] } ?? container.decode([Double].self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if values.count == 1 { try container.encode(values[0]) } else { try container.encode(values) }
        }
    }

    /// The step of gradient descent: `auto` or a number.
    enum LearningRate: Codable, Sendable, Equatable, ExpressibleByArgument {
        case automatic
        case value(Double)

        init?(argument: String) {
            if argument == "auto" {
                self = .automatic
            } else if let value = Double(argument) {
                self = .value(value)
            } else {
                return nil
            }
        }

        var defaultValueDescription: String {
            switch self {
            case .automatic: "auto"
            case .value(let value): "\(value)"
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(Double.self)).map { .value($0) } ?? .automatic
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .automatic: try container.encode("auto")
            case .value(let value): try container.encode(value)
            }
        }
    }
}

extension DistanceMetric: ExpressibleByArgument {}

extension TSNEParameters.NeighborSearch: ExpressibleByArgument {}
