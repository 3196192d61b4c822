import Testing

/// Each row of the table of faults, for each command that it can happen to: `make faults` prints them.
///
/// A test is a line of that table by its name, `fault: ROW`, and its argument `verb`.
@Suite(.overlapping) enum Faults {}
