import TensorFiles

extension ColumnNames {
    /// The names that are written in one word here, for `plain`.
    private static let known: Set = Set(ids + labels + annotators + splits + folds)
        .union(nonClasses).union(annotatorStems).union(rowNumbers).union(namesToSkip)

    /// A name in the form used for comparison: that of `ColumnName.plain`, with `PatientID` and `imageId` as `patient_id` and
    /// `image_id`, unless the name without a break is known (`workerId`, `timeStamp`).
    static func plain(_ name: String) -> String {
        let whole = ColumnName.plain(name)
        if known.contains(whole) || !name.utf8.contains(where: (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains) {
            return whole
        }
        return ColumnName.plain(separatingWords(name))
    }

    /// A name with a blank before each capital that begins a word: after a small letter, and before small letters that are more
    /// than the plural of capitals (`HITId`, but `IDs`).
    private static func separatingWords(_ name: String) -> String {
        let letters = Array(name)
        var words = ""
        for (place, letter) in letters.enumerated() {
            let small = letters[(place + 1)...].prefix { $0.isLowercase }
            let beginsWord = !small.isEmpty && small != ["s"]
            if letter.isUppercase, place > 0,
                letters[place - 1].isLowercase
                    || beginsWord && (letters[place - 1].isUppercase || letters[place - 1].isNumber)
            {
                words.append(" ")
            }
            words.append(letter)
        }
        return words
    }
}
