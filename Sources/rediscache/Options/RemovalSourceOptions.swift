import ArgumentParser
import Keyspace
import Operations
import Reporting

/// Other ways to say which keys than by a pattern.
struct RemovalSourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The members of this tag; may be repeated. \\xHH stands for a byte.", valueName: "tag")
  )
  var tag: [String] = []
  @Option(
    help: ArgumentHelp(
      "Where tags are kept (default 'tag:{tag}'): sets of keys, or Laravel's sorted sets.",
      valueName: "template"))
  var tagKey: String?
  @Option(
    help: ArgumentHelp(
      "How a member becomes the name of its key, where it is not the name itself: 'page:{member}'.",
      valueName: "template"))
  var memberKey: String?
  @Flag(help: "Also take members whose keys are gone out of the tags.")
  var prune = false
  @Option(
    help: ArgumentHelp(
      "The keys of this file, one a line, each ended by NUL, or as JSON lines; '-' reads standard input.",
      valueName: "file"),
    completion: .file())
  var keysFrom: String?
  @Option(
    help: ArgumentHelp("Count up this generation key with INCR, and remove nothing.", valueName: "key"))
  var bump: String?

  func validate() throws {
    if !tag.isEmpty, keysFrom != nil { throw ValidationError("--tag and --keys-from exclude each other") }
    if tag.contains("") { throw ValidationError("--tag must not be empty") }
    if tagKey != nil, tag.isEmpty { throw ValidationError("--tag-key needs --tag") }
    if let tagKey, TagKey(tagKey) == nil {
      throw ValidationError(
        "--tag-key must hold \(TagKey.placeholder) once, as 'tag:\(TagKey.placeholder)' does")
    }
    if memberKey != nil || prune, tag.isEmpty {
      throw ValidationError("\(memberKey != nil ? "--member-key" : "--prune") needs --tag")
    }
    if let memberKey, MemberKey(memberKey) == nil {
      throw ValidationError(
        "--member-key must hold \(MemberKey.placeholder) once, as 'page:\(MemberKey.placeholder)' does")
    }
    if bump == "" { throw ValidationError("--bump must name a key") }
  }

  /// True where keys come from elsewhere than a walk over the database.
  var namesKeys: Bool { !tag.isEmpty || keysFrom != nil }

  /// Fills in what these options say.
  func apply(_ list: KeyListFile?, to request: inout InvalidateRequest) {
    request.tags = tag.map { KeyLiteral.bytes(of: $0) }
    if let tagKey, let template = TagKey(tagKey) { request.tagKey = template }
    request.memberKey = memberKey.flatMap { MemberKey($0) }
    request.prunesTags = prune
    request.list = list?.list
  }

  /// The options that choose the same keys again.
  var given: [SuggestedOption] {
    tag.flatMap { [SuggestedOption].given(.tag, $0) } + .given([(.tagKey, tagKey), (.memberKey, memberKey)])
      + .given(.prune, if: prune) + .given([(.keysFrom, keysFrom)])
  }
}
