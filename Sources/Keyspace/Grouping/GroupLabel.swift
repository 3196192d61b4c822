/// The names of a group of keys.
package struct GroupLabel: Sendable, Hashable {
  /// The namespace, with `*` for what varies; nil where the keys have none.
  package var namespace: [UInt8]?
  /// The version such as `v2`, `v*` for generations; nil where the keys have none.
  package var version: [UInt8]?
  /// Namespace, version and the constant segments that follow; nil at coarser levels.
  package var entity: [UInt8]?
  /// The whole shape of the keys; nil at coarser levels.
  package var template: [UInt8]?
  /// How a known layout reads the keys otherwise than the general rules read each of them alone; nil where it
  /// does not.
  package var layout: Layout?
  /// What the keys are for, where their names say so; part of templates only.
  package var role: KeyRole?
  /// True for the overflow group: the keys for which no group was left.
  package var isOverflow = false

  /// What only the layout of many keys shows.
  package enum Layout: Sendable, Hashable {
    /// The version is a bare number, as Django writes it.
    case bareVersion
    /// The namespace has other bounds than a separator shows.
    case namespace
  }

  /// A label without any names: keys that have none.
  package init(
    namespace: [UInt8]? = nil, version: [UInt8]? = nil, entity: [UInt8]? = nil, template: [UInt8]? = nil
  ) {
    self.namespace = namespace
    self.version = version
    self.entity = entity
    self.template = template
  }

  /// The label of the overflow group.
  package static let overflow: GroupLabel = {
    var label = GroupLabel()
    label.isOverflow = true
    return label
  }()

  /// The same keys seen at the level of the entity.
  package var byEntity: GroupLabel {
    var label = byVersion
    label.entity = entity
    return label
  }

  /// The same keys seen at the level of namespace and version.
  package var byVersion: GroupLabel {
    var label = GroupLabel(namespace: namespace, version: version)
    label.isOverflow = isOverflow
    label.layout = layout
    return label
  }

  /// The same keys seen at the level of the namespace.
  package var byNamespace: GroupLabel {
    var label = byVersion
    label.version = nil
    // Without its version, the namespace is what separators show.
    if label.layout == .bareVersion { label.layout = nil }
    return label
  }
}

/// How finely keys are grouped.
package enum GroupLevel: Sendable, Equatable {
  /// By namespace and version.
  case version
  /// By namespace, version and the constant segments that follow.
  case entity
  /// By the whole shape, or by its first `depth` segments.
  case template(depth: Int? = nil)
}
