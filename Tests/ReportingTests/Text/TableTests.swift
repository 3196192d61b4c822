import Reporting
import Testing

struct TableTests {
  private let table = Table(
    columns: [
      .init("NAMESPACE", truncates: true), .init("VERSION", priority: 90), .init("KEYS", alignment: .right),
      .init("SHARE", alignment: .right, priority: 80), .init("TTL p50", alignment: .right, priority: 50),
      .init("MEMORY", alignment: .right), .init("AVG", alignment: .right, priority: 10),
      .init("", priority: 70),
    ],
    rows: [
      ["session", "-", "812,440", "69.6%", "28m", "1.6 GiB", "2.1 KiB"],
      ["product", "v6", "40,902", "3.5%", "-", "152 MiB", "3.8 KiB", .init("superseded", tone: .warning)],
      ["tenant:acme-corporation:鍵:search", "v12", "12,077", "1.0%", "12m", "201 MiB", "17 KiB"],
    ])

  @Test func unlimited() {
    #expect(
      table.render() == """
        NAMESPACE                          VERSION     KEYS  SHARE  TTL p50   MEMORY      AVG
        session                            -        812,440  69.6%      28m  1.6 GiB  2.1 KiB
        product                            v6        40,902   3.5%        -  152 MiB  3.8 KiB  superseded
        tenant:acme-corporation:鍵:search  v12       12,077   1.0%      12m  201 MiB   17 KiB

        """)
  }

  @Test func at80TheTextShrinks() {
    #expect(
      table.render(width: 80) == """
        NAMESPACE         VERSION     KEYS  SHARE  TTL p50   MEMORY      AVG
        session           -        812,440  69.6%      28m  1.6 GiB  2.1 KiB
        product           v6        40,902   3.5%        -  152 MiB  3.8 KiB  superseded
        tenant:a…:search  v12       12,077   1.0%      12m  201 MiB   17 KiB

        """)
  }

  @Test func at40ColumnsGoByPriority() {
    #expect(
      table.render(width: 40) == """
        NAMESPACE      VERSION     KEYS   MEMORY
        session        -        812,440  1.6 GiB
        product        v6        40,902  152 MiB
        tenant…search  v12       12,077  201 MiB

        """)
  }

  @Test func requiredColumnsStayAndNumbersAreWhole() {
    #expect(
      table.render(width: 10, style: Style(color: false, unicode: false)) == """
        NAMESPACE     KEYS   MEMORY
        session    812,440  1.6 GiB
        product     40,902  152 MiB
        ten...rch   12,077  201 MiB

        """)
  }

  @Test func colourChangesNoLayout() {
    let colored = table.render(width: 80, style: Style(color: true))
    #expect(colored.contains("\u{1B}[33msuperseded\u{1B}[0m\n"))
    #expect(colored.hasPrefix("\u{1B}[1mNAMESPACE\u{1B}[0m         \u{1B}[1mVERSION\u{1B}[0m"))
    var plain = colored
    for sequence in ["\u{1B}[33m", "\u{1B}[1m", "\u{1B}[0m"] {
      plain = plain.split(separator: sequence, omittingEmptySubsequences: false).joined()
    }
    #expect(plain == table.render(width: 80))
  }

  @Test func headingsAreOptional() {
    let plain = Table(
      columns: [.init(""), .init("", alignment: .right), .init("")],
      rows: [["< 1m", "2,409"], ["1m - 10m", "15,056", "ignored? no"], ["never", "0", "", "surplus"]])
    #expect(
      plain.render() == """
        < 1m       2,409
        1m - 10m  15,056  ignored? no
        never          0

        """)
  }

  @Test func emptyTables() {
    #expect(Table(columns: []).render(width: 80) == "")
    #expect(Table(columns: [.init("KEY"), .init("TTL")]).render() == "KEY  TTL\n")
  }

  @Test func equalPrioritiesGoFromTheRight() {
    let table = Table(
      columns: [.init("A"), .init("B", priority: 1), .init("C", priority: 1)], rows: [["aaa", "bbb", "ccc"]])
    #expect(table.render(width: 8) == "A    B\naaa  bbb\n")
  }

  @Test func aDroppedColumnGivesItsRoomBack() {
    let table = Table(
      columns: [.init("KEY", minimumWidth: 6, truncates: true), .init("N", priority: 1)],
      rows: [["abcdefghij", "1234567890"]])
    #expect(table.render(width: 12) == "KEY\nabcdefghij\n")
  }
}
