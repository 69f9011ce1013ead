import Backbones
import Figures
import ImageDatasets
import LabelDistributions
import NeighborEmbedding
import NeuralNetwork
import TensorFiles
import Training

/// What the program's exit code says.
enum ExitStatus: Int32, Equatable {
    /// All was done.
    case done = 0
    /// Something failed that the user's input is not to blame for: a full disk, a font that is missing, a defect.
    case failed = 1
    /// The command line or a file that it names is wrong.
    case wrongInput = 2
    /// The user asked to stop; what was finished is kept.
    case interrupted = 130

    /// The status that an error of our own ends with.
    init(of error: any Error) {
        switch error {
        case is Interruption: self = .interrupted
        case is InputError, is FileReadError, is NPYError, is NPZError, is ZIPError, is CSVError, is SafetensorsError,
            is PyTorchError, is KerasError, is HDF5Error, is TensorFileError, is LabelDistributionError,
            is DatasetError, is SplitError, is ShapesError, is FibresError, is ImageFileError, is CheckpointError,
            is NetworkMemoryError, is PrecisionError:
            self = .wrongInput
        case let error as TrainingError: self = error.isInput ? .wrongInput : .failed
        case let error as FigureError:
            switch error {
            case .drawing, .noFont: self = .failed
            case .unknownExtension, .unknownFilmExtension, .countMismatch, .notFinite, .outOfRange, .notADistribution:
                self = .wrongInput
            }
        case let error as TSNEError:
            switch error {
            case .diverged: self = .failed
            case .stoppedBeforeLayout: self = .interrupted
            default: self = .wrongInput
            }
        default: self = .failed
        }
    }
}
