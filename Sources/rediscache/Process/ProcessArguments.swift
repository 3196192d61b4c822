import CArguments

/// The words of the command line.
enum ProcessArguments {
  /// The words after the name of the program. What is not UTF-8 is repaired.
  static let words: [String] = {
    let arguments = rediscache_arguments_of_main()
    guard let values = arguments.values else { return Array(CommandLine.arguments.dropFirst()) }
    return (0..<Int(arguments.count)).dropFirst().compactMap { values[$0].map { String(cString: $0) } }
  }()
}
