/// The names of a group of keys.
public struct GroupLabel: Sendable, Hashable {
  /// The namespace, `*` standing for what varies; nil where the keys have none.
  public var namespace: [UInt8]?
  /// The version such as `v2`, `v*` for generations; nil where the keys have none.
  public var version: [UInt8]?
  /// Namespace, version and the constant segments that follow; nil at coarser levels.
  public var entity: [UInt8]?
  /// The whole shape of the keys; nil at coarser levels.
  public var template: [UInt8]?
  /// True for the one group that takes the keys for which no group was left.
  public var isOverflow = false

  /// A label without any names: keys that have none.
  public init(
    namespace: [UInt8]? = nil, version: [UInt8]? = nil, entity: [UInt8]? = nil, template: [UInt8]? = nil
  ) {
    self.namespace = namespace
    self.version = version
    self.entity = entity
    self.template = template
  }

  /// The label of the overflow group.
  public static let overflow: GroupLabel = {
    var label = GroupLabel()
    label.isOverflow = true
    return label
  }()

  /// The same keys seen at the level of namespace and version.
  public var byVersion: GroupLabel {
    var label = GroupLabel(namespace: namespace, version: version)
    label.isOverflow = isOverflow
    return label
  }

  /// The same keys seen at the level of the namespace.
  public var byNamespace: GroupLabel {
    var label = byVersion
    label.version = nil
    return label
  }
}

/// How finely keys are grouped.
public enum GroupLevel: Sendable, Equatable {
  /// By namespace and version.
  case version
  /// By namespace, version and the constant segments that follow.
  case entity
  /// By the whole shape, or by its first `depth` segments.
  case template(depth: Int? = nil)
}
