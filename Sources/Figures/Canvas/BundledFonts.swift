import Foundation

/// The font shipped beside a program that is distributed as a folder (`share/penumbra/fonts`), for systems without fonts.
public enum BundledFonts {
    /// Whether text is set in the font shipped with the program.
    public private(set) nonisolated(unsafe) static var areUsed = false

    /// The notice shown when they are used.
    public static let notice = "this system has no fonts; using DejaVu Sans, which comes with the program"

    /// Folders in which systems and users keep fonts.
    private static let systemFolders = [
        "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    ]

    /// Enables the program's own font if the system has no list of fonts, or no folder with any. Call it once, before any
    /// thread is started, since it sets an environment variable.
    public static func prepare() {
        let files = FileManager.default
        let isChosen = ["FONTCONFIG_FILE", "FONTCONFIG_PATH"].contains { (name: String) in getenv(name) != nil }
        let hasFonts = systemFolders.contains { files.fileExists(atPath: NSString(string: $0).expandingTildeInPath) }
        if isChosen || hasFonts && files.fileExists(atPath: "/etc/fonts/fonts.conf") { return }
        guard let program = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return }
        let list = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("share/penumbra/fonts/fonts.conf")
        guard files.fileExists(atPath: list.path) else { return }
        setenv("FONTCONFIG_FILE", list.path, 1)
        areUsed = true
    }
}
