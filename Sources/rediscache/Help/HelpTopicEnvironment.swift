extension HelpTopic {
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
      $XDG_CONFIG_HOME/rediscache/config.toml, else ~/.config/rediscache/config.toml

        [profile.prod]
        uri = "rediss://cache-1:6379/0"
        user = "audit"
        password-file = "/etc/rediscache/prod.password"
        cacert = "/etc/ssl/cache-ca.pem"
        protected = true

      rediscache scan -P prod. The keys of a profile are the names of the connection options, and protected: invalidate
      then asks for the profile's name, typed or as --confirm prod.
      Options come first, then a profile named with -P, then the environment, then 127.0.0.1:6379.

    """
}
