/// How a piece follows the one before it: its role, and the byte between the two.
struct Joint: Hashable, Sendable {
  /// What precedes a piece.
  enum Lead: UInt8, Sendable {
    /// A separator, or nothing: the piece begins a segment.
    case separator
    case dot, slash

    /// The byte itself, nil for the separator, which may have several.
    var byte: UInt8? {
      switch self {
      case .separator: nil
      case .dot: UInt8(ascii: ".")
      case .slash: UInt8(ascii: "/")
      }
    }
  }

  let role: KeyReading.Role
  let lead: Lead

  /// Where most namespaces begin.
  static let namespace = Joint(role: .namespace, lead: .separator)

  /// Every joint there is.
  static let all: [Joint] = {
    let leads = [Lead.separator, .dot, .slash]
    let single = [KeyReading.Role.version, .arrangement].map { Joint(role: $0, lead: .separator) }
    return leads.map { Joint(role: .namespace, lead: $0) } + single
      + leads.map { Joint(role: .tail, lead: $0) }
  }()

  /// A number of its own for each joint, below 8: versions and arrangements begin segments only.
  var number: Int {
    switch role {
    case .namespace: Int(lead.rawValue)
    case .version: 3
    case .arrangement: 4
    case .tail: 5 + Int(lead.rawValue)
    }
  }
}
