# Writes a seed of strings as JSON lines and as the same commands for redis-cli --pipe: about 290 bytes a value, a TTL
# of 1 h to 24 h each, and a line end in every value, so that JSON has something to escape.
#
#     awk -v keys=N -v seed=FILE -v commands=FILE -f seed.awk

function word(number) {
    return sprintf("%s%d", substr("amberbasincedardeltaemberfjordgrove", 1 + 5 * (number % 7), 5), number % 1000)
}

BEGIN {
    for (key = 0; key < keys; key++) {
        name = "app:v2:user:" key ":profile"
        value = ""
        for (part = 0; length(value) < 280; part++) value = value word(key * 31 + part * 17) " "
        ttl = 3600 + key * 7919 % 82800
        printf "{\"key\":\"%s\",\"type\":\"string\",\"value\":\"%s\\n\",\"ttl\":%d}\n", name, value, ttl >seed
        printf "*5\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\n\r\n$2\r\nEX\r\n$%d\r\n%d\r\n",
            length(name), name, length(value) + 1, value, length(ttl ""), ttl >commands
    }
}
