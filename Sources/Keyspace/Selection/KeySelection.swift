/// Which keys a command works on; all conditions must hold.
package struct KeySelection: Sendable {
  /// The pattern, checked here as well as by the server.
  package var pattern = Glob(pattern: [UInt8(ascii: "*")])
  /// Patterns of keys that are left out.
  package var excluded: [Glob] = []
  /// The type of the value, such as `string`.
  package var type: String?
  /// True where each key is asked for its type, because the server cannot choose by it.
  package var typeIsMeasured = false
  /// The namespaces; a key must have one of them. None stands for all.
  package var namespaces: [NamespaceChoice] = []
  /// Also, or where no namespace is named only, the keys that have none.
  package var withoutNamespace = false
  /// The templates, as all names together show them; a key must have one of them. None stands for all.
  package var templates: [[UInt8]] = []
  /// What the keys are for, as all names together and some of their types show it; a key must have one of these roles. None
  /// stands for all.
  package var roles: [KeyRole] = []
  /// One of the segments.
  package var segment: SegmentChoice?
  /// The version.
  package var version: VersionChoice?
  /// Only keys of a version that is not the newest of its namespace.
  package var isSuperseded = false
  /// Only keys that never expire.
  package var neverExpires = false
  /// Only keys that expire within this time, in milliseconds; excludes those that never do.
  package var ttlBelow: Int64?
  /// Only keys that expire after this time, in milliseconds; excludes those that never do.
  package var ttlAbove: Int64?
  /// Only keys that expire at this moment or later, in milliseconds since 1970; excludes those that never do.
  package var expiresAfter: Int64?
  /// Only keys that expire before this moment, in milliseconds since 1970; excludes those that never do.
  package var expiresBefore: Int64?
  /// Only keys that take more bytes than this.
  package var largerThan: Int?
  /// Only keys that have not been used for longer than this, in seconds.
  package var idleAbove: Int?

  /// Every key.
  package init() {}

  /// True where a key's name must be read, not only matched.
  package var readsNames: Bool {
    !namespaces.isEmpty || version != nil || segment != nil || learnsNames
  }

  /// True where only all names together show whether a key is chosen: they are read once beforehand.
  package var learnsNames: Bool { isSuperseded || withoutNamespace || !templates.isEmpty || learnsRoles }

  /// True where types of keys help to decide what they are for.
  package var learnsRoles: Bool { !roles.isEmpty }

  /// What of the choice is decided without looking at a key's value, and without what is learned of all names.
  package var byNameAlone: KeySelection {
    var names = KeySelection()
    (names.pattern, names.excluded) = (pattern, excluded)
    if !withoutNamespace { names.namespaces = namespaces }
    names.version = version
    names.segment = segment
    if !typeIsMeasured { names.type = type }
    return names
  }

  /// True where the moment counts at which a key expires.
  package var choosesByMoment: Bool { expiresAfter != nil || expiresBefore != nil }

  /// What must be measured of a key before it can be chosen.
  package var neededMeasurements: KeyMeasurements {
    var needed: KeyMeasurements = []
    if neverExpires || ttlBelow != nil || ttlAbove != nil || choosesByMoment { needed.insert(.ttl) }
    if largerThan != nil { needed.insert(.memory) }
    if idleAbove != nil { needed.insert(.idle) }
    if type != nil, typeIsMeasured { needed.insert(.type) }
    return needed
  }

  /// What shows whether a key is there that has no size, where the conditions do not ask for anything that does.
  package var evidence: KeyMeasurements { neededMeasurements == .memory ? .type : [] }

  /// True where every key is chosen.
  package var isEverything: Bool {
    pattern.matchesEverything && excluded.isEmpty && type == nil && !readsNames && neededMeasurements.isEmpty
  }

  /// True where nothing but exclusions narrows the choice: a mistake here reaches the whole database.
  ///
  /// Every key takes more than 0 bytes, and all but those of this second are idle for more than 0.
  package var isSweeping: Bool {
    let limitsExpiry = neededMeasurements.contains(.ttl)
    return pattern.matchesAnyContent && type == nil && !readsNames && !limitsExpiry
      && (largerThan ?? 0) == 0 && (idleAbove ?? 0) == 0
  }

  /// True where a key's bytes match the patterns.
  package func admits(_ key: Span<UInt8>) -> Bool {
    guard pattern.matches(key) else { return false }
    for glob in excluded where glob.matches(key) { return false }
    return true
  }

  /// True where the structure of a name fits; the caller judges superseded versions.
  package func admits(_ reading: KeyReading) -> Bool {
    if !withoutNamespace, !namespaces.isEmpty, !hasNamedNamespace(reading) { return false }
    if let version, !version.contains(reading.version) { return false }
    if let segment, !segment.contains(reading) { return false }
    return true
  }

  /// The same where no other names are known: what a name alone shows decides whether it has a namespace.
  package func admitsAlone(_ reading: KeyReading) -> Bool {
    guard admits(reading) else { return false }
    return !withoutNamespace || !reading.hasNamespace || hasNamedNamespace(reading)
  }

  /// True where a key's namespace is one of those that are named.
  package func hasNamedNamespace(_ reading: KeyReading) -> Bool {
    for namespace in namespaces where namespace.contains(reading) { return true }
    return false
  }

  /// True where the measurements fit; a missing one never does.
  package func admits(_ measure: KeyMeasure) -> Bool {
    if typeIsMeasured, let type, measure.type != type { return false }
    if neverExpires, !measure.neverExpires { return false }
    if let ttlBelow {
      guard let ttl = measure.ttlMilliseconds, ttl >= 0, ttl < ttlBelow else { return false }
    }
    if let ttlAbove { guard let ttl = measure.ttlMilliseconds, ttl > ttlAbove else { return false } }
    if let expiresAfter { guard let at = measure.expiresAt, at >= expiresAfter else { return false } }
    if let expiresBefore { guard let at = measure.expiresAt, at < expiresBefore else { return false } }
    if let largerThan { guard let bytes = measure.memoryBytes, bytes > largerThan else { return false } }
    if let idleAbove { guard let idle = measure.idleSeconds, idle > idleAbove else { return false } }
    return true
  }
}
