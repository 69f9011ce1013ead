import Foundation
import Synchronization
import Testing

/// A headless Chromium with one page, driven over the DevTools protocol: NUL-terminated JSON messages on the child's file
/// descriptors 3 and 4 (`--remote-debugging-pipe`). The browser exits when the pipes close.
final class Chromium: Sendable {
    /// The browser of the running suite.
    @TaskLocal static var current: Chromium?

    /// The browser's path, or nil if none is installed.
    static let program: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let paths = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
            folders.map { "\($0)/\(name)" }
        }
        return paths.first { access($0, X_OK) == 0 }
    }()

    /// Errors that the page or the browser reported since the page was opened.
    var complaints: [String] { connection.withLock { $0.complaints } }

    private let process: pid_t
    private let folder: URL
    private let connection: Mutex<Connection>
    private let pageCount = Atomic(0)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("penumbra-chromium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let commands = try Self.pipe()
        let answers = try Self.pipe()
        process = try Self.spawn(
            try #require(Self.program), folder: folder, reading: commands.read, writing: answers.write)
        close(commands.read)
        close(answers.write)
        // If the browser has died, a write must fail instead of killing the test process.
        signal(SIGPIPE, SIG_IGN)
        connection = Mutex(Connection(input: answers.read, output: commands.write))
        try connection.withLock { connection in
            let target = try connection.call("Target.createTarget", ["url": "about:blank"])
            let session = try connection.call(
                "Target.attachToTarget", ["targetId": target["targetId"] as Any, "flatten": true])
            connection.session = session["sessionId"] as? String
            for domain in ["Page", "Runtime", "Log"] { _ = try connection.call("\(domain).enable", [:]) }
            let size: [String: Any] = [
                "width": Self.usualSize.x, "height": Self.usualSize.y, "deviceScaleFactor": 1, "mobile": false,
            ]
            _ = try connection.call("Emulation.setDeviceMetricsOverride", size)
        }
    }

    deinit {
        connection.withLock { connection in
            close(connection.input)
            close(connection.output)
        }
        var status: Int32 = 0
        for _ in 0..<100 where waitpid(process, &status, WNOHANG) == 0 { usleep(20_000) }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - The page

    /// Opens a document from disk and waits until it is drawn.
    func open(_ html: Data, fragment: String = "") throws {
        let number = pageCount.add(1, ordering: .relaxed).newValue
        let file = folder.appendingPathComponent("page-\(number).html")
        try html.write(to: file)
        try connection.withLock { connection in
            connection.complaints = []
            let address = file.absoluteString + (fragment.isEmpty ? "" : "#\(fragment)")
            _ = try connection.call("Page.navigate", ["url": address])
            try connection.wait(for: "Page.loadEventFired")
        }
        // The page unpacks its arrays after the load event.
        let _: Bool = try value(
            "(async () => { while (!window.penumbraExplorer) await new Promise(done => setTimeout(done, 5)); return true })()"
        )
        try settle()
    }

    /// Waits until all changes are drawn.
    func settle() throws {
        let _: Bool = try value(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    }

    /// Evaluates an expression; a promise is awaited.
    func value<Value: Decodable>(_ expression: String, of type: Value.Type = Value.self) throws -> Value {
        let text = try connection.withLock { connection -> String in
            let answer = try connection.call(
                "Runtime.evaluate",
                [
                    "expression": "(async () => JSON.stringify({value: await (\(expression))}))()",
                    "awaitPromise": true, "returnByValue": true,
                ])
            if let details = answer["exceptionDetails"] as? [String: Any] {
                throw Failure(description: "\(expression): \(details["exception"] ?? details)")
            }
            return (answer["result"] as? [String: Any])?["value"] as? String ?? "{}"
        }
        return try JSONDecoder().decode([String: Value].self, from: Data(text.utf8))["value"]
            ?? { throw Failure(description: "\(expression) has no value") }()
    }

    /// Runs JavaScript statements and waits until their effects are drawn.
    func run(_ statements: String) throws {
        let _: Bool = try value("(() => { \(statements); return true; })()")
        try settle()
    }

    /// The text as a JavaScript string literal.
    static func quoted(_ text: String) -> String {
        String(decoding: try! JSONEncoder().encode(text), as: UTF8.self)
    }

    // MARK: - Mouse and keys

    /// Sends "mouseMoved", "mousePressed" or "mouseReleased" at window coordinates.
    func mouse(_ type: String, _ x: Double, _ y: Double, isPressed: Bool = false, withShift: Bool = false) throws {
        let isButton = type != "mouseMoved" || isPressed
        try call(
            "Input.dispatchMouseEvent",
            [
                "type": type, "x": x, "y": y, "button": isButton ? "left" : "none", "buttons": isPressed ? 1 : 0,
                "clickCount": type == "mouseMoved" ? 0 : 1, "modifiers": withShift ? 8 : 0,
            ])
    }

    /// Presses a key: "a", "Enter", "Escape", "/".
    func press(_ key: String) throws {
        let text = key == "Enter" ? "\r" : key.count == 1 ? key : ""
        try call("Input.dispatchKeyEvent", ["type": "keyDown", "key": key, "text": text])
        try call("Input.dispatchKeyEvent", ["type": "keyUp", "key": key])
        try settle()
    }

    /// Types text into the focused element.
    func type(_ text: String) throws {
        try call("Input.insertText", ["text": text])
        try settle()
    }

    /// Emulates the system preferences for dark or light pages and for reduced motion.
    func prefer(isDark: Bool, isStill: Bool = false) throws {
        let features = [
            ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"],
            ["name": "prefers-reduced-motion", "value": isStill ? "reduce" : "no-preference"],
        ]
        try call("Emulation.setEmulatedMedia", ["features": features])
        try settle()
    }

    // MARK: - Devices

    static let usualSize = SIMD2(1100, 760)

    /// Runs `body` in a window of another size, optionally on a touch device.
    func with(size: SIMD2<Int>, isTouch: Bool = false, _ body: () throws -> Void) throws {
        try resize(size, isTouch: isTouch)
        defer { try? resize(Self.usualSize, isTouch: false) }
        try body()
    }

    private func resize(_ size: SIMD2<Int>, isTouch: Bool) throws {
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": size.x, "height": size.y, "deviceScaleFactor": 1, "mobile": isTouch])
        try call("Emulation.setTouchEmulationEnabled", ["enabled": isTouch])
    }

    /// Sends "touchStart", "touchMove" or "touchEnd" with fingers at window coordinates.
    func touch(_ type: String, _ places: SIMD2<Double>...) throws {
        let points = places.map { ["x": $0.x, "y": $0.y] }
        try call("Input.dispatchTouchEvent", ["type": type, "touchPoints": points])
    }

    private func call(_ method: String, _ parameters: sending [String: Any]) throws {
        try connection.withLock { connection in _ = try connection.call(method, parameters) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

// MARK: - Process

extension Chromium {
    /// Moves both ends above the descriptors that the child uses, and closes them in the child.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw Failure(description: "no pipe: errno \(errno)") }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        ends.forEach { close($0) }
        return (moved[0], moved[1])
    }

    private static func spawn(_ program: String, folder: URL, reading: Int32, writing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, reading, 3)
        posix_spawn_file_actions_adddup2(&actions, writing, 4)
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        // Without a GPU, SwiftShader draws WebGL. The browser's own sandbox does not work in containers.
        let arguments = [
            program, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir=\(folder.path)",
            "--no-first-run", "--no-startup-window", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
            "--disable-gpu-watchdog", "--disable-dev-shm-usage", "--disable-background-networking",
            "--disable-component-update", "--disable-extensions", "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
        ]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, program, &actions, nil, &pointers, environ)
        if status != 0 { throw Failure(description: "\(program) does not start: errno \(status)") }
        return process
    }
}

// MARK: - Messages

/// The two pipes and the messages received out of turn.
private struct Connection {
    let input: Int32
    let output: Int32
    var session: String?
    var complaints: [String] = []
    private var number = 0
    private var pending: [UInt8] = []
    private var events: Set<String> = []

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Sends a command and waits for its answer.
    mutating func call(_ method: String, _ parameters: [String: Any]) throws -> [String: Any] {
        number += 1
        var message: [String: Any] = ["id": number, "method": method, "params": parameters]
        if let session { message["sessionId"] = session }
        events.remove("Page.loadEventFired")
        try send(try JSONSerialization.data(withJSONObject: message) + [0])
        while true {
            let answer = try receive()
            guard answer["id"] as? Int == number else { continue }
            if let error = answer["error"] { throw Chromium.Failure(description: "\(method): \(error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    /// Waits for an event, unless it already arrived with the last answer.
    mutating func wait(for event: String) throws {
        while !events.contains(event) { _ = try receive() }
    }

    private func send(_ data: Data) throws {
        var rest = data[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw Chromium.Failure(description: "Chromium takes no commands: errno \(errno)")
            }
        }
    }

    private mutating func receive() throws -> [String: Any] {
        while true {
            if let end = pending.firstIndex(of: 0) {
                let message = Data(pending[..<end])
                pending.removeSubrange(...end)
                let object = try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
                note(object)
                return object
            }
            var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, 30_000) == 0 { throw Chromium.Failure(description: "Chromium is silent") }
            var part = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(input, &part, part.count)
            if count <= 0 && errno != EINTR { throw Chromium.Failure(description: "Chromium has ended") }
            if count > 0 { pending += part[..<count] }
        }
    }

    private mutating func note(_ message: [String: Any]) {
        guard let method = message["method"] as? String else { return }
        events.insert(method)
        if ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"].contains(method) {
            complaints.append("\(method): \(message["params"] ?? "")")
        }
    }
}

// MARK: - One browser for a suite

#if compiler(>=6.1)
    /// Gives all tests of a suite the same `Chromium.current`. Runs them at high priority: one after the other at the usual one,
    /// each would wait until all tests of other suites that are waiting have run.
    struct ChromiumTrait: SuiteTrait, TestScoping {
        func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
        ) async throws {
            try await Chromium.$current.withValue(try Chromium()) {
                try await withoutActuallyEscaping(function) { function in
                    try await Task(priority: .high) { try await function() }.value
                }
            }
        }
    }

    extension Trait where Self == ChromiumTrait {
        static var chromium: Self { ChromiumTrait() }
    }
#else
    extension Trait where Self == ConditionTrait {
        static var chromium: Self { .disabled("the explorer is not tested: traits with a scope need Swift 6.1") }
    }
#endif
