import PenumbraRuns
import Backbones
import Figures
import ImageDatasets
import LabelDistributions
import LabelFiles
import NeighborEmbedding
import NeuralNetwork
import Numerics
import Parameters
import Processes
import RasterImages
import TensorFiles
import Training

/// What the program's exit code says.
///
/// A run that was stopped by a signal ends with 128 and the signal's number, as in a shell.
enum ExitStatus: Int32, Equatable {
    /// All was done.
    case done = 0
    /// Something failed that the user's input is not to blame for: a full disk, a font that is missing, a defect.
    case failed = 1
    /// The command line or a file that it names is wrong.
    case wrongInput = 2
    /// SIGINT (Ctrl-C) asked to stop; what was finished is kept.
    case interrupted = 130
    /// SIGHUP asked to stop, as when a terminal closes; what was finished is kept.
    case hungUp = 129
    /// SIGTERM asked to stop, as batch systems do before they kill; what was finished is kept.
    case terminated = 143

    /// The time of `--stop-after` is over, or another job must be done before this one: the same command goes on later. The
    /// number is that of a temporary failure in sysexits.h.
    case later = 75

    /// Whether a signal or the time asked to stop.
    var isInterruption: Bool { [.interrupted, .hungUp, .terminated, .later].contains(self) }

    /// The status after the signal that asked to stop.
    private static var interruption: ExitStatus { ExitStatus(rawValue: Interruption.exitCode) ?? .interrupted }

    /// The status that an error of our own ends with.
    init(of error: any Error) {
        switch error {
        case let interruption as Interruption: self = interruption.isOutOfTime ? .later : .interruption
        case is ReproductionJob.Waiting: self = .later
        case is InputError, is FileReadError, is NPYError, is NPZError, is ZIPError, is CSVError, is SafetensorsError,
            is PyTorchError, is KerasError, is HDF5Error, is TensorFileError, is LabelDistributionError,
            is DatasetError, is SplitError, is ShapesError, is FibresError, is MixturesError, is ImageFileError,
            is CheckpointError, is NetworkMemoryError, is PrecisionError, is ParameterError, is LabelFileError,
            is OutputLock.Held, is AddressSpaceError, is PartError:
            self = .wrongInput
        case let error as ProcessError: self = error.isInput ? .wrongInput : .failed
        case let error as TrainingError: self = error.isInput ? .wrongInput : .failed
        case let error as FigureError:
            switch error {
            case .drawing, .noFont: self = .failed
            case .unknownExtension, .unknownFilmExtension, .countMismatch, .notFinite, .outOfRange, .notADistribution,
                .addressSpace, .noRoom:
                self = .wrongInput
            }
        case let error as TSNEError:
            switch error {
            case .diverged, .noTransformPlan: self = .failed
            case .stoppedBeforeLayout: self = .interruption
            default: self = .wrongInput
            }
        default: self = .failed
        }
    }
}
