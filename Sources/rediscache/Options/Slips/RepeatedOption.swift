/// Notices an option that is given twice although it has one value: the parser would take the last one and say nothing.
enum RepeatedOption {
  /// What to say; nil where nothing is given twice. Values are not repeated: they may hold a password.
  static func failure(for arguments: [String]) -> Failure? {
    var seen: Set<OptionName> = []
    for word in arguments.prefix(while: { $0 != "--" }) {
      guard let option = option(word), option.isSingle, !seen.insert(option).inserted else { continue }
      let letter = option.letter.map { " (-\($0))" } ?? ""
      return Failure(
        .usage, "\(option.word)\(letter) is given twice, and it takes one value",
        hints: [option.role == .target ? "run once for each of them" : "leave out one of them"])
    }
    return nil
  }

  /// The option that a word names, by its long name or its letter, with or without a value.
  private static func option(_ word: String) -> OptionName? {
    let name = String(word.prefix { $0 != "=" })
    if let option = OptionName(word: name) { return option }
    guard name.count == 2, name.first == "-", let letter = name.last else { return nil }
    return OptionName.allCases.first { $0.letter == letter }
  }
}
