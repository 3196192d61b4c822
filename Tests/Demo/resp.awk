# Redis commands as `redis-cli --pipe` takes them, and the data to fill a cache with. Run under LC_ALL=C, so that
# length() counts bytes. The same seed gives the same cache with the same awk.

BEGIN {
    srand(7)
    ORS = ""
    words = split("amber basin cedar delta ember fjord grove haven inlet jetty knoll lagoon meadow north orchard " \
                  "prairie quarry ridge summit tundra upland valley willow yonder", word, " ")
    while (length(prose) < 8192)
        prose = prose word[random(words) + 1] " "
}

# A whole number from 0 up to, not including, n.
function random(n) { return int(rand() * n) }

function between(low, high) { return low + random(high - low + 1) }

function text(bytes) { return substr(prose, 1 + random(length(prose) - bytes), bytes) }

function hex4() { return sprintf("%04x", random(65536)) }

function uuid() {
    return hex4() hex4() "-" hex4() "-4" substr(hex4(), 2) "-a" substr(hex4(), 2) "-" hex4() hex4() hex4()
}

function bulk(s) { return "$" length(s) "\r\n" s "\r\n" }

# ttl in seconds; 0 sets none.
function set(key, value, ttl) {
    if (ttl)
        print "*5\r\n$3\r\nSET\r\n" bulk(key) bulk(value) "$2\r\nEX\r\n" bulk(ttl)
    else
        print "*3\r\n$3\r\nSET\r\n" bulk(key) bulk(value)
    made++
}

# Collections grow by arguments: argument(a); argument(b); collect("SADD", key, ttl).
function argument(value) {
    arguments = arguments bulk(value)
    argument_count++
}

# Sends the arguments gathered so far. Called again for the same key it appends, and a key counts once, by its last call.
function send(command, key) {
    print "*" (argument_count + 2) "\r\n" bulk(command) bulk(key) arguments
    arguments = ""
    argument_count = 0
}

function collect(command, key, ttl) {
    send(command, key)
    if (ttl)
        print "*3\r\n$6\r\nEXPIRE\r\n" bulk(key) bulk(ttl)
    made++
}
