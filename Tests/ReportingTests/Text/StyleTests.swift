import Reporting
import Testing

struct StyleTests {
  @Test func dressesOnlyInColour() {
    let style = Style(color: true)
    #expect(style.error("no") == "\u{1B}[31mno\u{1B}[0m")
    #expect(style.warning("w") == "\u{1B}[33mw\u{1B}[0m")
    #expect(style.apply(.good, to: "g") == "\u{1B}[32mg\u{1B}[0m")
    #expect(style.bold("b") == "\u{1B}[1mb\u{1B}[0m")
    #expect(style.dim("d") == "\u{1B}[2md\u{1B}[0m")
    #expect(style.apply(nil, to: "x") == "x")
    #expect(style.bold("") == "")
    for tone in Style.Tone.allCases { #expect(Style.plain.apply(tone, to: "x") == "x") }
  }

  @Test func drawsInASCIIWhereUnicodeIsOff() {
    let ascii = Style(color: false, unicode: false)
    #expect([ascii.ellipsis, ascii.plusMinus] == ["...", "+/-"])
    #expect([Style.plain.ellipsis, Style.plain.plusMinus] == ["…", "±"])
  }

  @Test(
    arguments: [
      (.auto, true, ["TERM": "xterm"], true), (.auto, false, ["TERM": "xterm"], false),
      (.auto, true, ["TERM": "dumb"], false), (.auto, true, [:], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
      (.always, false, ["NO_COLOR": "1"], true), (.never, true, ["TERM": "xterm"], false),
    ] as [(Style.ColorChoice, Bool, [String: String], Bool)])
  func decidesColour(
    choice: Style.ColorChoice, isTerminal: Bool, environment: [String: String], expected: Bool
  ) {
    #expect(Style(color: choice, isTerminal: isTerminal, environment: environment).color == expected)
  }

  @Test(arguments: [
    (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false), ([:], false),
    (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "UTF-8"], true),
  ])
  func decidesUnicode(environment: [String: String], expected: Bool) {
    #expect(Style(color: .never, isTerminal: true, environment: environment).unicode == expected)
  }
}
