# The cache of the demo: a shop's, `keys` keys in all. No TTL is so short that a key goes before it is looked at.

BEGIN {
    minute = 60
    hour = 3600
    day = 86400

    big_keys()
    for (i = 1; i <= 45000; i++)
        set("session:" uuid(), session(), between(2 * minute, hour))
    products()
    for (i = 1; i <= 10000; i++) {
        for (j = between(5, 25); j > 0; j--)
            argument("post:" random(1000000))
        collect("RPUSH", "feed:v1:" i, between(hour, 6 * hour))
    }
    # The results of searches: no version in their names, and an early release forgot the TTL.
    for (i = 1; i <= 10000; i++)
        set("search:" hex4() hex4() hex4() hex4(), results(), i <= 1200 ? 0 : between(3 * minute, 15 * minute))
    for (i = 1; i <= 6000; i++)
        cart(i)
    for (i = 1; i <= 3000; i++) {
        for (j = between(3, 30); j > 0; j--)
            argument("product:" random(40000))
        collect("SADD", "tag:v1:" word[random(words) + 1] "-" i, 0)
    }
    for (i = 1; i <= 365; i++)
        leaderboard(i)
    for (i = 1; i <= 5000; i++)
        set("ratelimit:10." int(i / 250) "." i % 250 "." between(1, 250), between(1, 100), between(5 * minute, hour))
    for (i = 1; i <= 600; i++)
        set("org:" word[i % words + 1] "-" word[i * 7 % words + 1] "-" i ":v7:team.list", "[\"" text(300) "\"]",
            between(hour, 12 * hour))
    odds_and_ends()
    # Users are the rest.
    for (i = 1; made < keys; i++)
        user(i)
}

function user(id) {
    if (id % 8 == 0) {
        argument("theme"); argument(id % 3 ? "light" : "dark")
        argument("language"); argument(id % 5 ? "en" : "de")
        argument("newsletter"); argument(id % 2)
        collect("HSET", "app:v2:user:" id ":settings", between(12 * hour, 7 * day))
    } else
        set("app:v2:user:" id ":profile",
            "{\"id\":" id ",\"mail\":\"u" id "@example.org\",\"about\":\"" text(between(60, 400)) "\"}",
            between(6 * hour, day))
}

function session() {
    return "{\"user\":" random(80000) ",\"csrf\":\"" uuid() "\",\"seen\":\"" text(between(80, 500)) "\"}"
}

function product(id) {
    return "{\"id\":" id ",\"price\":" between(199, 99999) ",\"text\":\"" text(between(300, 2500)) "\"}"
}

# v7 is live; a nightly import wrote 6,000 of them in one go, which therefore expire in one go. v6 was left behind.
function products(    i) {
    for (i = 1; i <= 40000; i++)
        set("product:v7:" i, product(i), i <= 6000 ? 5 * hour + between(0, 50) : between(10 * minute, day))
    for (i = 1; i <= 12000; i++)
        set("product:v6:" i, product(i), 0)
}

function results(    list, i) {
    for (i = between(5, 60); i > 0; i--)
        list = list random(40000) ","
    return "{\"took\":" between(2, 90) ",\"hits\":[" list "0]}"
}

function cart(id,    j) {
    for (j = between(1, 8); j > 0; j--) {
        argument("product:" random(40000))
        argument(between(1, 4))
    }
    collect("HSET", "cart:v3:" id, between(day, 7 * day))
}

function leaderboard(days,    j) {
    for (j = 0; j < 50; j++) {
        argument(between(1, 100000))
        argument("player:" j * 97)
    }
    collect("ZADD", sprintf("leaderboard:v1:2025-%02d-%02d", 1 + int((days - 1) / 31), 1 + (days - 1) % 31), 30 * day)
}

function big_keys(    i, chunk) {
    while (length(chunk) < 2 * 1024 * 1024)
        chunk = chunk text(8000)
    set("report:v3:annual-2025", substr(chunk, 1, 2 * 1024 * 1024), 0)

    for (i = 1; i <= 100000; i++) {
        argument("subscriber:" i)
        if (i % 1000 == 0 && i < 100000)
            send("SADD", "audience:v1:newsletter")
    }
    collect("SADD", "audience:v1:newsletter", 0)

    for (i = 1; i <= 40000; i++) {
        argument(i * 3)
        argument("player:" i)
        if (i % 1000 == 0 && i < 40000)
            send("ZADD", "leaderboard:v1:all-time")
    }
    collect("ZADD", "leaderboard:v1:all-time", 0)

    for (i = 1; i <= 20000; i++) {
        argument("{\"event\":\"" word[i % words + 1] "\",\"at\":" i "}")
        if (i % 1000 == 0 && i < 20000)
            send("RPUSH", "audit:v1:events")
    }
    collect("RPUSH", "audit:v1:events", 0)
}

# What every cache gathers: locks and counters nobody gave a TTL, names without a namespace.
function odds_and_ends(    i) {
    for (i = 1; i <= 40; i++)
        set("lock:job:" i, uuid(), i % 2 ? 0 : 10 * minute)
    set("counter:visits", 8123991, 0)
    set("counter:signups", 51022, 0)
    set("counter:orders", 9340, 0)
    set("maintenance_mode", "off", 0)
    for (i = 1; i <= 900; i++)
        set("user_data_new_" i, text(200), 0)
}
