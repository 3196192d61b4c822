import Operations

extension WalkRequest {
  /// The keys to walk, and how, as the common options say; tells at once what is odd about the patterns.
  init(
    _ pattern: String?, _ selection: SelectionOptions, _ naming: NamingOptions, _ pacing: PacingOptions,
    _ output: OutputOptions
  ) throws {
    self.init()
    self.naming = try naming.naming()
    let (chosen, warnings) = try selection.selection(pattern: pattern, separator: naming.separator)
    warnings.forEach(output.warn)
    self.selection = chosen
    pace = pacing.pace
    rate = pacing.rate
    count = pacing.count
  }
}
