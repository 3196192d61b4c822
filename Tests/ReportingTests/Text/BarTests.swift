import Reporting
import Testing

struct BarTests {
  @Test(
    arguments: [
      (0, ""), (-1, ""), (.nan, ""), (0.000_01, "▏"), (0.05, "██"), (0.14, "█████▋"), (0.32, "████████████▊"),
      (0.482, "███████████████████▎"), (1, String(repeating: "█", count: 40)),
      (7, String(repeating: "█", count: 40)),
      (0.999_9, String(repeating: "█", count: 39) + "▉"), (.infinity, String(repeating: "█", count: 40)),
    ] as [(Double, String)])
  func inEighths(fraction: Double, expected: String) {
    #expect(Bar.text(fraction: fraction, width: 40) == expected)
  }

  @Test(arguments: [(0, ""), (0.001, "#"), (0.5, "#####"), (0.99, "#########"), (1, "##########")])
  func inASCII(fraction: Double, expected: String) {
    #expect(Bar.text(fraction: fraction, width: 10, style: Style(color: false, unicode: false)) == expected)
  }

  @Test func needsRoom() {
    #expect(Bar.text(fraction: 0.5, width: 0) == "")
    #expect(Bar.text(fraction: 0.5, width: 1, style: Style(color: false, unicode: false)) == "#")
  }
}
