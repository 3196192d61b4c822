/// Which events of keys a server sends, in the letters of `notify-keyspace-events`.
struct NotificationFlags: Sendable, Equatable {
  /// Events on channels that name the event, of misses, expirations, evictions and the commands that all types share,
  /// DEL among them.
  static let wanted = "Emxeg"
  /// What `A` stands for; misses are not among it.
  private static let all: Set<Character> = ["g", "$", "l", "s", "h", "z", "x", "e", "t", "d"]

  /// The letters as the server gives them.
  let text: String

  init(_ text: String) { self.text = text }

  /// The letters that have an effect of their own.
  private var letters: Set<Character> {
    text.reduce(into: []) { letters, letter in
      if letter == "A" { letters.formUnion(NotificationFlags.all) } else { letters.insert(letter) }
    }
  }

  /// True where the server sends the events of a letter on channels that name the event.
  func sends(_ letter: Character) -> Bool { letters.contains("E") && letters.contains(letter) }

  /// The letters that are missing of those that are wanted.
  var missing: String { NotificationFlags.wanted.filter { !letters.contains($0) } }

  /// These letters and those that are missing.
  var completed: NotificationFlags { NotificationFlags(text + missing) }

  /// True where both have the same effect, however they are written.
  static func == (left: NotificationFlags, right: NotificationFlags) -> Bool { left.letters == right.letters }
}
