import Testing

@testable import Operations

@Suite struct NotificationFlagsTests {
  @Test(arguments: [
    ("", "Emxeg"), ("AKE", "m"), ("Em", "xeg"), ("KA", "Em"), ("Emxeg", ""), ("g$xE", "me"), ("n", "Emxeg"),
  ])
  func addsWhatIsMissingAndKeepsTheRest(_ text: String, _ missing: String) {
    let flags = NotificationFlags(text)
    #expect(flags.missing == missing)
    #expect(flags.completed.text == text + missing)
    #expect(flags.completed.missing.isEmpty)
    for letter in "mxeg" { #expect(flags.completed.sends(letter)) }
  }

  @Test func spellingsOfTheSameEventsAreEqual() {
    #expect(NotificationFlags("AE") == NotificationFlags("g$lshzxetdE"))
    #expect(NotificationFlags("mE") == NotificationFlags("Em"))
    #expect(NotificationFlags("AE") != NotificationFlags("AEm"), "misses are not part of A")
  }

  @Test func withoutTheirChannelEventsAreNotSent() {
    #expect(!NotificationFlags("Km").sends("m"))
    #expect(NotificationFlags("Em").sends("m"))
    #expect(!NotificationFlags("EA").sends("m"))
  }
}
