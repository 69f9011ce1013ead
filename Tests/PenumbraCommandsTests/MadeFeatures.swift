/// Features that are neither noise nor in order.
enum MadeFeatures {
    /// A fraction that a float holds exactly.
    static func value(_ row: Int, _ column: Int) -> Double { Double((row * 37 + column * 11) % 97) / 8 + 0.0625 }

    /// The same as a field of a table.
    static func field(_ row: Int, _ column: Int) -> String { "\(value(row, column))" }
}
