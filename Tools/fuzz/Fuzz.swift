// The entry points for libFuzzer. Tools/fuzz/run.sh links this file with the program's modules.

@testable import Backbones
@testable import FeatureSpaces
import Foundation
@testable import ImageDatasets
@testable import LabelFiles
@testable import PenumbraRuns
@testable import RasterImages
@testable import TensorFiles
@testable import Training

/// The readers of untrusted bytes.
enum Reader: String, CaseIterable {
    case pytorch, pickle, arrays, safetensors, npy, npz, csv, hdf5, keras, png, jpeg, webp
    case annotations, dcic, labels, records, cifar, cifar10n, cifar10s, ferplus, lewidi
    case features, samples, predictions, foreign, layout
    case report, grid, style, palette, run, maps, measures, evaluation
    case projection, training, part, networks

    /// Reads a whole file. Throws what the reader throws.
    func read(_ url: URL) throws {
        switch self {
        case .pytorch, .pickle:
            let file = try PyTorchFile(url)
            _ = try file.values(of: file.tensors)
        case .hdf5, .keras:
            let file = try KerasFile(url, isArchive: self == .keras)
            _ = try file.values(of: file.tensors)
        case .png: _ = try PNGCodec.decode(Array(Data(contentsOf: url)))
        case .jpeg: _ = try JPEGCodec.decode(Array(Data(contentsOf: url)))
        case .webp: _ = try WebPCodec.decode(Array(Data(contentsOf: url)))
        case .arrays:
            let arrays = try PickledArrays.read(url)
            _ = arrays.integers("labels")
        case .cifar10n: _ = try PickledArrays.labels(in: url, named: ["clean_label", "random_label1"])
        case .cifar10s: _ = try CIFAR10SDocument(contentsOf: url, classCount: 3)
        case .lewidi: _ = try LeWiDiDocument(contentsOf: url)
        case .records: _ = try LabelTable.read(url)
        case .safetensors: _ = try SafetensorsFile.read(url)
        case .npy: _ = try NPYFile.read(url)
        case .npz:
            let file = try NPZFile(url)
            for member in file.members {
                if member.isNumeric { _ = try file.numbers(of: member) }
                if member.isText { _ = try file.texts(of: member) }
            }
        case .csv: _ = try CSVTable.read(url)
        case .annotations, .dcic, .labels, .cifar, .ferplus: _ = try DatasetFolder.read(Workplace.dataset)
        case .features: _ = try FeatureTable.read(url, idsFile: nil)
        case .samples: _ = try SampleTable.read(url)
        case .predictions:
            let table = try PredictionTable.read(url)
            _ = EvaluationTable([Evaluation(table, name: "x")]).lines
        case .foreign: _ = try CSVTable.read(url, hints: TableDialect.Hints())
        case .layout: _ = try LayoutFile.read(url)
        case .report: _ = try LayoutReport.read(url)
        case .grid: _ = try GridFile.read(url)
        case .style: _ = try JSONText.read(StyleFile.self, from: url)
        case .palette: _ = try PaletteFile.palette(url.path)
        case .run: _ = try JSONText.read(RunManifest.self, from: url)
        case .maps: _ = try JSONText.read([FinishedMaps.Record].self, from: url)
        case .measures:
            let content = try JSONText.read(MeasuringState.Content<MappedSpace.Findings>.self, from: url)
            _ = MappedSpace(
                features: Samples.space, map: Samples.space, parameters: Samples.measureParameters,
                findings: content.findings)
        case .evaluation:
            let table = try JSONText.read(EvaluationTable.self, from: url)
            _ = (table.lines, ResultsTable(table).markdown, ResultsTable(table).latex)
        case .projection: _ = try ProjectionState.read(url, of: Samples.identity, count: Samples.count).get()
        case .training:
            let state = try TrainingState.read(url)
            if let problem = state.position.problem(epochs: 3, steps: 4) {
                throw TrainingError.badState(path: url.path, found: problem)
            }
        case .part:
            let part = try PartFile.read(url)
            _ = part.difference(from: part)
        case .networks:
            let tensors = try Samples.tensors(in: String(contentsOf: url, encoding: .utf8))
            for network in FoundNetwork.all(in: tensors) { _ = (network.part, network.naming.title, network.isWhole) }
            _ = UnknownNetwork(tensors).description
        }
    }

    /// The name of the input file. Some readers choose the format by its extension.
    var name: String {
        switch self {
        case .annotations: "annotations.json"
        case .dcic: "dataset.json"
        case .labels: "labels.csv"
        case .cifar: "test_batch"
        case .ferplus: "FER2013Train/label.csv"
        case .features, .samples, .predictions, .foreign, .layout, .csv: "file.csv"
        case .records: "file.json"
        default: "file"
        }
    }

    /// Valid files for this reader.
    var seeds: [[UInt8]] {
        func bytes(_ texts: some Sequence<String>) -> [[UInt8]] {
            texts.compactMap { Data(base64Encoded: $0).map { Array($0) } }
        }
        func texts(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }
        let keras = KerasReferenceFiles.files.keys.sorted().compactMap { KerasReferenceFiles.bytes($0) }
        let torch = bytes(PyTorchReferenceFiles.files.values)
        return switch self {
        case .pytorch: torch.filter { $0.starts(with: Array("PK".utf8)) }
        case .pickle: torch.filter { !$0.starts(with: Array("PK".utf8)) }
        case .arrays, .cifar: bytes(PickledReferenceFiles.files.values)
        case .safetensors: bytes([ReferenceFiles.safetensors, ReferenceFiles.smallSafetensors])
        case .npy: bytes(ReferenceFiles.npy.map(\.base64))
        case .npz: bytes(NPZReferenceFiles.archives.values)
        case .hdf5: keras.filter { $0.starts(with: HDF5File.signature) && $0.count < 32_768 }
        case .keras: keras.filter { $0.starts(with: Array("PK".utf8)) && $0.count < 32_768 }
        case .png: fixtures("png")
        case .jpeg: fixtures("jpeg")
        case .webp: fixtures("webp")
        case .cifar10n: labelFiles()
        case .records:
            texts(
                #"{"a.png": {"anna": "cat", "ben": "dog"}, "b.png": {"anna": "dog"}}"#,
                #"{"a": {"cat": 0.7, "dog": 0.3}, "b": [0.1, 0.9]}"#, #"{"image": "a.png", "label": "cat"}"#,
                #"[{"data": {"image": "a"}, "annotations": [{"completed_by": 1, "result": [{"value": {"choices": ["x"]}}]}]}]"#
            )
        case .csv: texts("id,x\na,1\n", "a,b\r\n\"x,\"\"y\"\"\n\",2e-3\r\n", "\u{FEFF}id,f0\nä,-inf\n")
        case .annotations: texts(Samples.annotations)
        case .dcic: texts(Samples.dcic)
        case .labels:
            texts(
                "file,a,b\nfold1/x.png,3,1\nfold2/y.png,0,2\n", "id,label,annotator\nx,a,1\nx,b,2\ny,b,1\n",
                "id;a;b;split\nx;0,25;0,75;train\ny;1;0;test\n")
        case .features: texts("id,f0,f1\na,1,2\nb,3,4\n", "1,2\n3,4\n", "id,split,h\nx,test,1e-3\n")
        case .samples:
            texts("id,split,annotators,a,b\nx,test,4,0.25,0.75\n", "id,hue,ellipse_share,a,b\nx,359,0.5,1,0\n")
        case .predictions:
            texts("id,split,true_a,true_b,predicted_a,predicted_b\nx,test,1,0,0.5,0.5\ny,val,0,1,0,1\n")
        case .foreign: texts("0.5;0,25\n1;2\n", "word 1 2 3\nother 4 5 6\n", "1\t\"2\n3\t4\n")
        case .layout: texts("id,x,y\na,-1,2e3\nb,3,4\n")
        case .report: texts(Samples.report)
        case .grid: texts(#"{"lr": [0.1, 0.02], "batch_size": [64], "weight_decay": [5e-4], "dropout": [0, 0.5]}"#)
        case .style: texts(#"{"theme": "dark", "width": "text", "font": "Arial", "mix": "srgb", "dpi": 600}"#)
        case .palette: texts(##"["#D55E00", "#0072B2"]"##, ##"{"melanoma": "#D55E00", "nevus": "#0072B2"}"##)
        case .run: texts(Samples.run)
        case .maps: texts(Samples.maps)
        case .measures: texts(Samples.measures)
        case .cifar10s: texts(#"{"0": [[0, 0.7, 0.3], [0, 1, 0]], "17": [[1, 0, 0]]}"#)
        case .ferplus:
            texts(
                "x.png,\"(0, 0, 48, 48)\",4,0,0,1,3,2,0,0,0,0\ny.png,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,1,0\n",
                "x.png,box,0,0,0,0,0,0,0,0,0,10\n")
        case .lewidi:
            texts(
                #"{"1": {"annotation task": "x", "annotations": "0,1,1", "annotators": "A,B,C", "split": "train"}}"#,
                #"{"a": {"annotations": {"A": "0", "B": "1.0"}, "split": "dev"}}"#,
                #"{"b": {"soft_label": {"0": 0.25, "1": 0.75}, "split": "test", "text": "b.png"}}"#)
        case .evaluation: texts(Samples.evaluation)
        case .projection: [Samples.projection]
        case .training: [Samples.training]
        case .part: [Samples.part]
        case .networks: Samples.networks
        }
    }
}

extension Reader {
    /// Inputs kept from earlier rounds, one per line in base64: those that cover code no seed covers, and those that once
    /// crashed a reader.
    var keptInputs: [[UInt8]] {
        let text = (try? String(contentsOfFile: "Tools/fuzz/corpus/\(rawValue).txt", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { Array(Data(base64Encoded: String($0))!) }
    }
}

/// Label files in the format of CIFAR-10N.
private func labelFiles() -> [[UInt8]] {
    let url = URL(fileURLWithPath: "Tests/ImageDatasetsTests/Fixtures/cifar10n.json")
    return try! JSONDecoder().decode([String: Data].self, from: Data(contentsOf: url)).values.map { Array($0) }
}

/// The files from a decoder's test fixtures.
private func fixtures(_ name: String) -> [[UInt8]] {
    struct Fixture: Decodable { let file: Data }
    let url = URL(fileURLWithPath: "Tests/RasterImagesTests/Fixtures/\(name).json")
    let fixtures = try! JSONDecoder().decode([String: Fixture].self, from: Data(contentsOf: url))
    return fixtures.values.map { Array($0.file) }
}

/// The folder for inputs. It is in memory, because every call writes one.
enum Workplace {
    static let folder = URL(fileURLWithPath: "/dev/shm/penumbra-fuzz-\(getpid())", isDirectory: true)
    /// A data set without labels; the input is its label file.
    static let dataset = folder.appendingPathComponent("dataset", isDirectory: true)

    static func prepare(for reader: Reader) {
        let folds =
            switch reader {
            case .cifar: [String]()
            case .ferplus: ["FER2013Train", "FER2013Train"]
            default: ["fold1", "fold2"]
            }
        try! FileManager.default.createDirectory(at: dataset, withIntermediateDirectories: true)
        for (fold, image) in zip(folds, ["x.png", "y.png"]) {
            let place = dataset.appendingPathComponent(fold)
            try! FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try! Data().write(to: place.appendingPathComponent(image))
        }
        if reader == .cifar {
            let counts = NumericArray(shape: [1, 10], values: [51] + [Float](repeating: 0, count: 9))
            try! NPYFile.write(counts, to: dataset.appendingPathComponent("cifar10h-counts.npy"))
        }
    }

    static func remove() { try? FileManager.default.removeItem(at: folder) }

    static func file(of reader: Reader) -> URL {
        switch reader {
        case .annotations, .dcic, .labels, .cifar, .ferplus: dataset.appendingPathComponent(reader.name)
        default: folder.appendingPathComponent(reader.name)
        }
    }
}

private let reader: Reader = {
    guard let reader = Reader(rawValue: ProcessInfo.processInfo.environment["PENUMBRA_FUZZ_READER"] ?? "") else {
        for reader in Reader.allCases { print(reader.rawValue) }
        exit(0)
    }
    return reader
}()
private let target = Workplace.file(of: reader)

/// Writes the seeds and the kept inputs into the folder `PENUMBRA_FUZZ_SEEDS`. Ends the process if the reader accepts no
/// seed, because fuzzing would then never get beyond its first check. Without `PENUMBRA_FUZZ_READER`, only lists the readers.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    Workplace.prepare(for: reader)
    atexit { Workplace.remove() }
    if let folder = ProcessInfo.processInfo.environment["PENUMBRA_FUZZ_SEEDS"] {
        var problem: (any Error)?
        var taken = 0
        for (index, input) in reader.keptInputs.enumerated() {
            try! Data(input).write(to: URL(fileURLWithPath: folder).appendingPathComponent("kept-\(index)"))
        }
        for (index, seed) in reader.seeds.enumerated() {
            try! Data(seed).write(to: URL(fileURLWithPath: folder).appendingPathComponent("seed-\(index)"))
            try! Data(seed).write(to: target)
            do {
                try reader.read(target)
                taken += 1
            } catch {
                problem = error
            }
        }
        print(
            "\(reader.rawValue): \(taken) of \(reader.seeds.count) seeds are taken, \(reader.keptInputs.count) inputs are kept"
        )
        if taken == 0, reader != .cifar {
            print(problem.map { "\($0)" } ?? "there is none")
            exit(1)
        }
    }
    return 0
}

/// Checks that a reader returns or throws, whatever the bytes are.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let descriptor = open(target.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0 && write(descriptor, bytes, count) == count, "cannot write \(target.path)")
    close(descriptor)
    try? reader.read(target)
    return 0
}
