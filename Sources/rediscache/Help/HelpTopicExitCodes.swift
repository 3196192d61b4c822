import Bytes

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
       69  the server cannot be reached, or is no Redis or Valkey server
       73  the output cannot be written, or a journal, a backup or the file of rejects: invalidate removes nothing that
           it could not record
       75  try again: a time limit passed, the server is loading, busy, failing over or takes no writes, or a journal,
           backup or file of rejects is in use by another run
       77  authentication failed, or a permission is missing
       78  the configuration is wrong
      130  stopped by Ctrl-C, with a report; invalidate and warm also tell how to go on
      143  stopped by SIGTERM, likewise

      --format nagios uses 0 OK, 1 WARNING, 2 CRITICAL and 3 UNKNOWN only.

    """
}
