import TestSupport
import Testing

@testable import LabelFiles

/// Ids as other programs write them.
@Suite struct LabelIDTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// They went through a `Double` and merged into a few images.
    @Test func longNumbersInJSONKeepTheirDigits() throws {
        let ids = ["20231130123456788", "20231130123456789", "-9007199254740993", "123456789012345678901234567890"]
        let records = ids.enumerated().map {
            #"{"id": \#($1), "label": "\#($0 % 2 == 0 ? "cat" : "a 20231130123456789")"}"#
        }
        for (name, text) in [
            ("labels.json", "[\(records.joined(separator: ",\n"))]"), ("labels.jsonl", records.joined(separator: "\n")),
        ] {
            let table = try read(text, named: name)
            #expect(table.rows.map(\.id) == ids && table.classes == ["a 20231130123456789", "cat"])
        }
        let others = #"[{"id":12,"label":"x"},{"id":13.0,"label":"x"},{"id":true,"label":"y"},{"id":0.5,"label":"y"}]"#
        #expect(try read(others, named: "labels.json").rows.map(\.id) == ["12", "13", "true", "0.5"])
    }

    @Test func idsThatASpreadsheetRounded() throws {
        let text = "id,label\n1.23457E+12,cat\n1.23457E+12,dog\n1.5E+3,cat\n"
        #expect(
            error(text)
                == "labels.csv, column 'id': '1.23457E+12' in row 2 occurs before, and is a number that a spreadsheet has "
                + "rounded; save the ids as text, with all their digits, or name another column with --id-column")
        #expect(try read("id,label\n1.2E+12,cat\n1.3E+12,dog\n").rows.count == 2)
    }

    /// They became classes, or were not found.
    @Test(arguments: ["PatientID", "GalaxyID", "SubjectID", "HITId", "AssignmentId"]) func otherIDsInCamelCase(
        name: String
    )
        throws
    {
        let text = "image,\(name),cat,dog\na,3,7,3\nb,1,2,9\nc,7,5,4\n"
        #expect(try read(text).classes == ["cat", "dog"])
        #expect(try read(text).interpretation.skipped == [.init(name: name, reason: "another id")])
    }

    @Test(arguments: ["ImageID", "imageId", "imgid", "ImgID", "fileName", "FileName", "imagePath"]) func idsInCamelCase(
        name: String
    ) throws {
        #expect(try read("\(name),cat,dog\n5,7,3\n9,2,9\n").interpretation.idColumn == name)
    }

    @Test func otherRolesInCamelCase() throws {
        #expect(try read("image,workerId,className\na,w,cat\na,v,dog\n").form == .annotations)
        #expect(try read("image,cat,dog,timeStamp,imageWidth\na,7,3,9,8\nb,2,9,9,7\n").classes == ["cat", "dog"])
        #expect(error("id,cat,dog,trueLabel\na,7,2,0\nb,1,8,1\n").contains("'trueLabel': its name is that of a label"))
        for (name, plain) in [
            ("IDs", "ids"), ("URLs", "urls"), ("HITId", "hit_id"), ("iPhone 3", "i_phone_3"),
            ("PublicTest", "public_test"),
            ("BBox", "bbox"), ("Class1Votes", "class1_votes"), ("LABEL", "label"), ("TimeStamp", "timestamp"),
        ] {
            #expect(ColumnNames.plain(name) == plain)
        }
        #expect(try read("id,iPhone,McDonald\na,7,3\nb,1,9\n").classes == ["iPhone", "McDonald"])
    }

    /// Numbers of rows in another order were votes.
    @Test func shuffledRowNumbersAreNoClass() throws {
        let rows = (0..<12).map { row in "\(row * 5 % 12 + 1),\(row % 3),\(row % 2 + 3)" }
        let text = "Nr,cat,dog\n" + rows.joined(separator: "\n")
        #expect(
            error(text)
                == "labels.csv, column 'Nr': it holds the number of each row once, which no class does; take it as the ids with "
                + "--id-column Nr, skip it with --ignore-columns Nr, or name all classes with --classes")
        #expect(try read(text, LabelReading(idColumn: "Nr")).rows[1].id == "6")
        #expect(try read(text, LabelReading(ignored: ["Nr"])).classes == ["cat", "dog"])
        #expect(try read(text, LabelReading(classes: ["Nr", "cat", "dog"])).classes.count == 3)
    }

    @Test func optionsAreQuotedForTheShell() {
        #expect(ShellText.quoted("Unnamed: 0") == "'Unnamed: 0'" && ShellText.quoted("") == "''")
        #expect(ShellText.quoted("don't") == #"'don'\''t'"# && ShellText.quoted("a_1") == "a_1")
        #expect(ShellText.ignoring(["", "cat, big"]) == #"--ignore-columns '"","cat, big"'"#)
        #expect(
            ShellText.ignoring(["-1"]) == "--ignore-columns=-1"
                && ShellText.ignoring(["a", "b"]) == "--ignore-columns a,b")
    }
}
