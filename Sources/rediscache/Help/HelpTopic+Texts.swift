import Operations

/// The texts of the short topics.
extension HelpTopic {
  /// What the exit codes mean.
  static let exitCodesText = """
    EXIT CODES
        0  done, complete
        1  done in part: some keys or shards are missing, or the reader of a pipe left; for invalidate: keys were refused
           or never answered, --verify found some, or nothing was removed because --expect or --max-keys was not met or
           the answer was no; for warm: records were rejected, refused or never answered, --verify found other values,
           or the server was full or, with --stop-on-eviction, began to evict
        2  what --fail-on names was found, or a --fail-if condition holds
       64  the arguments are wrong; for invalidate also: --yes, --all or --confirm is missing; a journal is of another
           run, target or seed
       65  the data of an input file is wrong: a state file of another server, a list without keys, a damaged journal, a
           seed that breaks off or is none; with --strict, a record that cannot be loaded
       66  an input file is missing
       69  the server cannot be reached, is no Redis or Valkey server, or lacks a command that the run needs
       73  the output cannot be written, or a journal, a backup or the file of rejects: invalidate removes nothing that
           it could not record
       75  try again: a time limit passed, the server is loading, busy, failing over or takes no writes, or a journal,
           backup or file of rejects is in use by another run
       77  authentication failed, or a permission is missing
       78  the configuration is wrong
      130  stopped by Ctrl-C, with a report; invalidate and warm also print how to resume
      143  stopped by SIGTERM, SIGHUP or SIGQUIT, likewise

      --format nagios uses 0 OK, 1 WARNING, 2 CRITICAL and 3 UNKNOWN only.

    """

  /// How patterns are written and keys are read.
  static let patternsText = #"""
    PATTERNS
      *        any bytes, none included
      ?        one byte
      [abc]    one of these; [a-z] a range; [^a] anything but
      \*       the character itself
      \xHH     the byte with this hexadecimal value, such as \x00 or \x0a

      A pattern holds for the whole key: 'app:v2:*' and not 'app:v2:'. Quote it for the shell.
      At most 64 stars. A '[' that is never closed and a '\' at the end are read as Redis reads them, with a warning.

    HOW A KEY IS READ
      app:v2:user:123:profile   namespace app, version v2, entity app:v2:user, template app:v2:user:*:profile
      session:9f1c…             namespace session, no version
      user:42:v7:profile        namespace user:*, version v7
      user_data_new_123         namespace user_data_new, template user_data_new_*

      Keys are split at :: : | # ~ -> and, less strongly, at / // . , ? & ( [ = \; _ and - join words.
      Numbers, UUIDs, ULIDs, hexadecimal and base64-like tokens, dates, addresses and digits behind letters show as *.
      A number of up to four digits that never varies in 20 keys or more is a name. In a place with more than 32 names
      (256 in the first place) those that stand out stay; the others show as * behind what they have in common.
      Three or more names that share most of what follows them, such as queues, show as one *.
      More than 16 versions of one namespace are generations: v*. The layouts of known frameworks are recognised.
      --separator, --version-pattern and --schema change the reading.

    """#

  /// The environment and the configuration.
  static let environmentText = """
    ENVIRONMENT
      REDISCACHE_URI, REDIS_URL    where to connect, where no option says it
      REDISCLI_AUTH, VALKEYCLI_AUTH
                                   the password, where nothing else gives one
      REDISCACHE_SENTINEL_AUTH     the sentinels' password, where nothing else gives one
      COLUMNS                      the width that tables must fit
      NO_COLOR, TERM=dumb          no colours
      LC_ALL, LC_CTYPE, LANG       UTF-8 or plain ASCII drawing
      XDG_CONFIG_HOME, HOME        where the configuration is

    CONFIGURATION
      $XDG_CONFIG_HOME/rediscache/config.toml, else
      ~/.config/rediscache/config.toml

        [profile.prod]
        uri = "rediss://cache-1:6379/0"
        user = "audit"
        password-file = "/etc/rediscache/prod.password"
        cacert = "/etc/ssl/cache-ca.pem"
        protected = true

      rediscache scan -P prod. The keys of a profile are the names of the connection options, and
        protected          invalidate and warm ask for the profile's name, typed or as --confirm prod
        password-command   its first line of output is the password; run where the login needs it, and again where
                           the server refuses it: "aws-token cache-1". --connect-timeout bounds it.
        schema, separator  how names are read: one text, or for schema a list of them
        pace               auto, gentle or full
        ignore, limit      findings that scan leaves out: one text, or a list, as --ignore and --limit take them
        rules              a table, [profile.prod.rules], for doctor: no-tls = false leaves a rule out,
                           hit-ratio.warning = "70%" sets a threshold
      rediscache profile list, show NAME and path say what the file holds and where it is.
      Options come first, then a profile named with -P, then the environment, then 127.0.0.1:6379.

    """
}

extension HelpTopic {
  /// The rules of `doctor`, from the table that it applies.
  static var rulesText: String {
    """
    RULES
      What rediscache doctor looks for. A rule speaks from its threshold on; info, warning and critical are the severities
      from there. --threshold ID.NAME=VALUE sets a threshold, --disable ID leaves a rule out, --only ID applies no others.
      What a rule needs and cannot have is listed as not checked, with the reason.


    """ + DoctorRules.descriptions.map(text).joined(separator: "\n") + """

      OF THE KEYS
        The rules of rediscache scan, which judge groups of keys and carry thresholds of their own:
        \(DoctorRules.keyIDs.joined(separator: " "))

      """
  }

  private static func text(_ rule: DoctorRules.Description) -> String {
    let thresholds = rule.thresholds.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
    return "  \(rule.id)\n    \(rule.subject)\n"
      + (thresholds.isEmpty ? "" : "    thresholds: \(thresholds)\n") + "    source: \(rule.source)\n"
  }
}
