import Testing

/// The reader of sources on which the other checks rely.
struct SwiftTextTests {
  @Test func commentsAndStringsLeaveTheCode() {
    let text = SwiftText("let a = \"x // y\" // \"z\"\nlet b /* \"c\n /* d */ */ = 1\n")
    #expect(text.code == "let a = \"      \"       \nlet b      \n            = 1\n")
    #expect(text.literals == [SwiftText.Literal(line: 1, text: "x // y")])
  }

  @Test func interpolatedCodeIsCode() {
    let text = SwiftText(#"let a = "x \(f("y", (1))) z""# + "\nlet b = 2\n")
    #expect(text.code == #"let a = "    f(" ", (1))   ""# + "\nlet b = 2\n")
    #expect(Set(text.literals.map(\.text)) == ["y", "x  z"])
  }

  @Test func hashesAndLinesMakeStrings() {
    let text = SwiftText("let a = #\"x\" \\n \\#(y)\"#\nlet b = \"\"\"\n  1\"2\n  \"\"\"\nlet c = \"\\\"\"\n")
    #expect(text.literals.map(\.text) == ["x\" \\n ", "\n  1\"2\n  ", "\\\""])
    #expect(text.literals.map(\.line) == [1, 2, 5])
    #expect(text.lines.map(\.text).last(where: { !$0.isEmpty }) == "let c = \"  \"")
  }
}
