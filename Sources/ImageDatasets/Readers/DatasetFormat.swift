/// What a folder of labelled images can look like.
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
    /// The layout of the DCIC benchmark: `fold1` … `fold5` with `annotations.json` or a DCIC JSON (`DCICFolder`).
    case dcic
    /// CIFAR-10's test batch with the votes of Peterson et al., "Human uncertainty makes classification more robust"
    /// (2019) (`CIFAR10HFolder`).
    case cifar10h
    /// A folder of images a class (`ClassFolders`).
    case folders
    /// Images and a table of votes, shares or single annotations (`TableFolder`).
    case table
}
