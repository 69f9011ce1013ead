import Figures
import ImageDatasets
import TensorFiles

/// Full names of classes, such as "red circle" for "rc": those given by the user, and those of the shapes set.
package struct ClassNames {
    private var names: [String: String]

    /// Reads names such as `rc=red circle`. Throws `InputError.unusable` for a text without a name on each side, and for two
    /// names of one class.
    package init(_ texts: [String] = []) throws(InputError) {
        names = [:]
        for text in texts {
            guard let sign = text.firstIndex(of: "="), sign != text.startIndex, text.index(after: sign) != text.endIndex
            else {
                throw .unusable(
                    path: "--class-names",
                    problem: "found '\(text.displayed)'; expected CLASS=NAME, such as rc='red circle'")
            }
            let name = String(text[..<sign])
            if names[name] != nil {
                throw .unusable(
                    path: "--class-names", problem: "class '\(name.displayed)' is named twice; name it once")
            }
            names[name] = String(text[text.index(after: sign)...])
        }
    }

    /// Whether the user gave any.
    var isEmpty: Bool { names.isEmpty }

    /// Throws `InputError.unusable` if a named class is not in `classes`.
    func check(_ classes: [String], in path: String) throws(InputError) {
        for name in names.keys.sorted() where !classes.contains(name) {
            throw .unusable(
                path: path,
                problem: "--class-names names '\(name.displayed)', which is not a class; expected one of "
                    + InputError.list(classes))
        }
    }

    /// `classes` with their full names, including the known ones of the shapes set.
    func naming(_ classes: [Explorer.SampleClass]) -> [Explorer.SampleClass] {
        let areShapes = !classes.isEmpty && classes.allSatisfy { ShapeScene.fullNames[$0.name] != nil }
        return classes.map { one in
            var named = one
            named.fullName = names[one.name] ?? (areShapes ? ShapeScene.fullNames[one.name] : nil)
            return named
        }
    }
}
