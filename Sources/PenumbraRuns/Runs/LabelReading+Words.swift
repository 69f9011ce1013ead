import LabelFiles

extension LabelReading {
    /// The equivalent options, for a command line.
    package var words: [String] {
        var words: [String] = []
        if let form { words += ["--label-format", form.rawValue] }
        if let idColumn { words += ["--id-column", idColumn] }
        if let labelColumn { words += ["--label-column", labelColumn] }
        if let annotatorColumn { words += ["--annotator-column", annotatorColumn] }
        if let classes { words += ["--classes"] + classes }
        if let ignored { words += ["--ignore-columns", NameListText.text(ignored)] }
        if let separator { words += ["--separator", separator.rawValue] }
        if let header { words += ["--header", header.rawValue] }
        if isStrict == true { words.append("--strict") }
        return words
    }

    /// Throws `InputError` if options say how to read labels, although no file of labels is named for the points or features at
    /// `path`. `columns` tells whether another table is read, which some of the options are for too.
    package func refuse(withoutLabelsOf path: String, columns: Bool = false) throws(InputError) {
        var unused = self
        if columns { (unused.idColumn, unused.ignored, unused.isStrict) = (nil, nil, nil) }
        let options = unused.words.filter { $0.hasPrefix("--") }
        if options.isEmpty { return }
        throw .unusable(
            path: path,
            problem: "\(options.joined(separator: ", ")): how to read a file of labels, but none is named; name "
                + "it with --labels, or leave the \(options.count == 1 ? "option" : "options") out")
    }
}
