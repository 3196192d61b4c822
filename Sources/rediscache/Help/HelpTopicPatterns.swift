import Bytes

extension HelpTopic {
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
      user_data_new_123         no namespace; template user_data_new_*

      Numbers, UUIDs, ULIDs, hexadecimal and base64-like tokens, dates and addresses show as *, and so does a place
      that holds more than 32 different values. (A first segment that holds 100 keys and 1 % of all stays a name.)
      More than 16 versions of one namespace are generations: v*.
      --separator, --version-pattern and --schema change the reading.

    """#
}
