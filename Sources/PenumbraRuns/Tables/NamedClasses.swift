import LabelFiles
import TensorFiles

/// The classes of the columns of predictions, as another array of the same file names them.
struct NamedClasses {
    /// The array's name.
    let array: String
    /// The column of each class, in the order of the data set's classes.
    let positions: [Int]

    /// Nil if no array names classes. An array of texts with as many elements as there are classes names them, whatever it is
    /// called, and one that is called so if it has whole numbers, also as floats, or cannot be read. Throws `InputError` if it cannot be read,
    /// if it names other classes than `classes`, those of the data set, or if two arrays name them in different orders; and what
    /// the readers throw.
    init?(in file: ArrayFile, apartFrom predictions: String?, classes: [String], rows: Int) throws {
        var found: NamedClasses?
        for place in file.arrays.indices where file.arrays[place].name != predictions {
            let array = file.arrays[place], isNamed = KnownArrays.areClasses(array.name)
            // With as many elements as there are rows it holds the class or the id of each image.
            let isOfRows = array.shape.first == rows && rows != classes.count
            if array.isUnreadable, isNamed, !isOfRows, array.shape.isEmpty || array.shape == [classes.count] {
                throw InputError.unusable(
                    path: file.path,
                    problem:
                        "found array \(array); expected texts (type U or S) with the classes of the columns: save them "
                        + "so, such as \(array.name)=np.array(names, dtype=str)")
            }
            guard array.isText || isNamed, !isOfRows,
                let names = try file.texts(at: place) ?? Self.wholeNumbers(in: file, at: place, classes: classes.count)
            else { continue }
            let positions = classes.compactMap { names.firstIndex(of: $0) }
            if positions.count < classes.count || names.count != classes.count {
                let mayBeOthers =
                    !array.isText || KnownArrays.areIDs(array.name) || names.count == rows
                    || !isNamed && names.count != classes.count
                if mayBeOthers && !KnownArrays.areOnlyClasses(array.name) { continue }
                throw InputError.unusable(
                    path: "\(file.path), array '\(array.name)'",
                    problem: "found the classes \(FeatureChoice.list(names)); expected those of the data set, in any "
                        + "order (\(FeatureChoice.list(classes)))")
            }
            if let found, found.positions != positions {
                throw InputError.unusable(
                    path: file.path,
                    problem:
                        "the arrays '\(found.array)' and '\(array.name)' name the classes in different orders; expected "
                        + "one order, that of the columns")
            }
            found = found ?? NamedClasses(array: array.name, positions: positions)
        }
        guard let found else { return nil }
        self = found
    }

    /// The elements of an array of floats with one for each class, which must be whole numbers if it is called as classes
    /// are; nil for other arrays.
    private static func wholeNumbers(in file: ArrayFile, at place: Int, classes: Int) throws -> [String]? {
        let array = file.arrays[place]
        guard array.type != nil, array.shape == [classes] || KnownArrays.areOnlyClasses(array.name),
            NumericArray.withoutOnes(array.shape).count <= 1
        else { return nil }
        let numbers = try file.numbers(at: place).values
        guard let other = numbers.first(where: { Int(exactly: $0) == nil }) else {
            return numbers.map { "\(Int($0))" }
        }
        if !KnownArrays.areOnlyClasses(array.name) { return nil }
        throw InputError.unusable(
            path: "\(file.path), array '\(array.name)'",
            problem: "found \(other); expected the classes of the columns as texts or whole numbers")
    }

    private init(array: String, positions: [Int]) {
        (self.array, self.positions) = (array, positions)
    }
}
