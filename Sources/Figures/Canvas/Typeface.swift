import CCairo
import Numerics

/// The font family of a figure and Pango's context for it, freed with the object.
final class Typeface {
    let family: String
    let context: OpaquePointer

    /// Plain sans-serif families, the most suitable for print first.
    private static let preferred = [
        "Helvetica", "Nimbus Sans", "Arial", "Liberation Sans", "Source Sans 3", "Noto Sans", "Open Sans",
        "DejaVu Sans Condensed", "DejaVu Sans",
    ]

    /// Families that Pango always lists, even without a font for them.
    private static let aliases: Set = ["sans", "serif", "monospace", "system-ui"]

    /// The family named `family` if it is installed, otherwise the first installed one of a list of sans-serif families,
    /// otherwise any sans-serif font of the system. Throws `FigureError.noFont` if there is no font at all, and `addressSpace`.
    init(family wanted: String?) throws(FigureError) {
        let left = Self.addressSpace()
        if let left, left < Self.threadBytes { throw .addressSpace(left: left, expected: Self.threadBytes) }
        let map = pango_cairo_font_map_get_default()
        family = try Self.choice(wanted, installed: Self.families(of: map))
        context = pango_font_map_create_context(map)
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        pango_cairo_context_set_font_options(context, options)
        pango_context_set_round_glyph_positions(context, 0)
    }

    /// Creates the calling thread's font map, for which Pango begins to read the list of fonts on its own thread. If there is
    /// no room for that thread, it does nothing yet.
    static func prepare() {
        if let left = addressSpace(), left < threadBytes { return }
        _ = pango_cairo_font_map_get_default()
    }

    /// The memory of a thread's stack and heap. If a limit on the address space (`ulimit -v`) refuses it, GLib ends the
    /// process.
    static let threadBytes = 64 << 20

    /// The stack of a thread by default (8 MiB), and as much again for what it takes first.
    private static let stackBytes = 16 << 20

    private static let isLimited = AvailableMemory.addressSpace != nil

    /// What a limit on the address space leaves; nil without a limit.
    private static func addressSpace() -> Int? { isLimited ? AvailableMemory.addressSpace : nil }

    /// Ends the process with an error if a limit leaves no room for the thread on which Pango 1.50 orders the fonts of each new
    /// style and size: other threads may have taken what there was when the typeface was made.
    static func ensureRoomForThread() {
        if isLimited { RefusedMemory.endUnlessThereIsRoom(for: stackBytes) }
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
    }

    /// The characters of `texts` for which there is no font, each once, in order: neither in this family nor in the fonts that
    /// Pango substitutes.
    func charactersWithoutFont(in texts: [String]) -> [Character] {
        let style = TextStyle(size: 10)
        var (known, missing): (Set<Character>, [Character]) = ([], [])
        for text in texts where TextBlock(text, style, self).hasUnknownCharacters {
            for character in text where known.insert(character).inserted {
                if TextBlock(String(character), style, self).hasUnknownCharacters { missing.append(character) }
            }
        }
        return missing
    }

    /// The family to use from those `installed` (in lower case). Throws `FigureError.noFont` if there is none.
    static func choice(_ wanted: String?, installed: Set<String>) throws(FigureError) -> String {
        if installed.subtracting(aliases).isEmpty { throw .noFont }
        let names = (wanted.map { [$0] } ?? []) + preferred
        return names.first { installed.contains($0.lowercased()) } ?? "sans-serif"
    }

    /// The names of the installed families, in lower case.
    private static func families(of map: UnsafeMutablePointer<PangoFontMap>?) -> Set<String> {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
        var count: Int32 = 0
        pango_font_map_list_families(map, &list, &count)
        defer { g_free(list) }
        return Set(
            (0..<Int(count)).compactMap { index in
                list?[index].map { String(cString: pango_font_family_get_name($0)).lowercased() }
            })
    }
}
