package import Bytes

extension KeyText {
  /// Returns a command line that a shell splits into these words and options again.
  ///
  /// Each of the options is a name and its value, or one word. A value that begins with a dash is joined to its option,
  /// which would not take it otherwise; an option named `--`, whose value is an argument that begins so, comes last.
  package static func commandLine(_ words: [String], _ options: [[String]]) -> String {
    let isLast = { (option: [String]) in option.first == "--" }
    let joined = options.filter { !isLast($0) }.flatMap { option in
      option.count == 2 && looksLikeOption(option[1]) ? ["\(option[0])=\(option[1])"] : option
    }
    return (words + joined + options.filter(isLast).joined()).map { shellQuoted($0) }.joined(separator: " ")
  }

  /// An argument as one of the options of ``commandLine(_:_:)``.
  package static func argument(_ text: String) -> [String] {
    looksLikeOption(text) ? ["--", text] : [text]
  }

  /// A dash alone is a value: standard input.
  private static func looksLikeOption(_ text: String) -> Bool { text.count > 1 && text.hasPrefix("-") }

  /// Returns the text as one word of a shell command line, quoted only where needed.
  ///
  /// Single quotes as POSIX has them. Text with controls or invisible characters takes the `$'…'` form with
  /// octal escapes instead (bash, zsh, ksh and POSIX 2024), so that a command we print is harmless before it
  /// is run. No argument can hold NUL: write such a key with ``pattern(_:)`` first.
  package static func shellQuoted(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(isShellPlain) { return text }
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      guard scalar.isPresentable(after: previous) else { return dollarQuoted(text) }
      previous = scalar
    }
    // By scalars: a mark after a quote would make both one Character that does not equal "'".
    var word = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      word.append(contentsOf: scalar == "'" ? "'\\''".unicodeScalars : String(scalar).unicodeScalars)
    }
    return "'\(String(word))'"
  }

  private static func dollarQuoted(_ text: String) -> String {
    var word = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "'" || scalar == "\\" {
        word.append("\\")
        word.append(scalar)
        previous = scalar
      } else if scalar.isPresentable(after: previous) {
        word.append(scalar)
        previous = scalar
      } else {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          word.append("\\")
          for shift: UInt8 in [6, 3, 0] {
            word.append(Unicode.Scalar(UInt8(ascii: "0") + (byte >> shift & 7)))
          }
        }
        previous = nil
      }
    }
    return "$'\(String(word))'"
  }

  /// Whether every common shell leaves the byte alone anywhere in a word.
  private static func isShellPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "_@%+:,./-".utf8.contains(byte)
    }
  }
}
