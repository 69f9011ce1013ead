import TestSupport
import Testing

@testable import LabelFiles

/// What the user leaves out is not read: its fields were checked, summed and counted with those of the classes.
@Suite struct IgnoredColumnsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ text: String, _ ignored: [String]? = nil, form: LabelForm? = nil, named name: String = "labels.csv"
    ) throws -> LabelTable {
        try LabelTable.read(
            folder.file(name, holding: Array(text.utf8)), as: LabelReading(form: form, ignored: ignored))
    }

    private func remarks(_ text: String, _ ignored: [String]) throws -> [String] {
        try read(text, ignored).interpretation.remarks
    }

    @Test(arguments: ["50", "NA", "", "-17.3", "0.5", "5000000", "70%", "old"]) func besideVotesAndShares(field: String)
        throws
    {
        let votes = "image,age,cat,dog\na,\(field),7,3\nb,40,2,6\nc,40,1,1\n"
        let table = try read(votes, ["age"])
        #expect(table.form == .votes && table.rows.map(\.votes) == [[7, 3], [2, 6], [1, 1]])
        #expect(table.interpretation.remarks.isEmpty)
        #expect(table.interpretation.skipped == [.init(name: "age", reason: "not a class")])
        let shares = "image,age,cat,dog\na,\(field),0.7,0.3\nb,40,0.25,0.75\n"
        #expect(try read(shares, ["age"]).rows.map { $0.label?.probabilities } == [[0.7, 0.3], [0.25, 0.75]])
        #expect(try remarks(shares, ["age"]).isEmpty)
        let classes = "image,age,label\na,\(field),cat\nb,40,dog\n"
        #expect(try read(classes, ["age"]).classes == ["cat", "dog"])
        let annotators = "image,age,rater_1,rater_2\na,\(field),cat,dog\nb,40,dog,dog\n"
        #expect(try read(annotators, ["age"]).rows.map(\.votes) == [[1, 1], [0, 2]])
    }

    @Test func inJSON() throws {
        let records =
            #"[{"id":"a","age":50,"cat":0.3,"dog":0.7,"box":{"x":[1]}},{"id":"b","cat":1,"dog":0,"box":[[2]]}]"#
        let table = try read(records, ["age", "box"], named: "labels.json")
        #expect(table.rows.map { $0.label?.probabilities } == [[0.3, 0.7], [1, 0]])
        let votes = #"{"a":{"cat":3,"dog":1,"lat":-17.3},"b":{"cat":1,"dog":5,"lat":2.5}}"#
        #expect(try read(votes, ["lat"], named: "labels.json").rows.map(\.votes) == [[3, 1], [1, 5]])
        let own = "id,split,annotators,cat,dog\na,train,4,0.75,0.25\nb,test,4,0.5,0.5\n"
        #expect(try read(own, ["dog"]).rows.map { $0.label?.probabilities } == [[1], [1]])
    }

    /// Ninety beside ten votes were "100 votes", and gaps were "read as 0".
    @Test func nothingIsSaidOfThem() throws {
        #expect(try remarks("id,cat,dog,x\na,7,3,90\nb,2,8,90\nc,5,5,90\n", ["x"]).isEmpty)
        #expect(try remarks("id,cat,dog,x\na,7,3,\nb,2,8,1\nc,5,4,\n", ["x"]).isEmpty)
        #expect(try !remarks("id,cat,dog,unknown\na,60,30,10\nb,20,70,10\nc,0,9,91\n", ["unknown"]).isEmpty)
    }

    /// Shares of what is left out still belong to the whole.
    @Test(arguments: ["unknown", "other"]) func sharesThatCompleteTheWhole(name: String) throws {
        let text = "id,cat,dog,\(name),age\na,0.6,0.3,0.1,50\nb,0.2,0.6,0.2,\nc,0,0,1,22\n"
        let labels = try read(text, [name, "age"]).rows.map { $0.label?.probabilities }
        #expect(labels == [[0.6 / (0.6 + 0.3), 0.3 / (0.6 + 0.3)], [0.2 / (0.2 + 0.6), 0.6 / (0.2 + 0.6)], nil])
        let percent = "id,cat,dog,\(name)\na,60,30,10\nb,20,60,20\n"
        #expect(try read(percent, [name], form: .distribution).rows[1].label?.probabilities == [0.25, 0.75])
    }

    @Test func annotatorsAndSplits() throws {
        let text = "image,worker,split,cat,dog\na,w1,train,7,3\nb,w1,none,1,9\n"
        let labels = try read(text, ["worker", "split"])
        #expect(labels.rows.map(\.votes) == [[7, 3], [1, 9]] && labels.splitColumn == nil)
        #expect(try read("image,worker,label\na,w1,cat\nb,w1,dog\n", ["worker"]).form == .class)
    }
}
