# The keyspace of the benchmarks: `keys` keys in twelve groups. See `fill` for the table.

BEGIN {
    hour = 3600
    day = 86400
    for (i = share(22); i > 0; i--) set("app:v2:user:" i ":profile", text(300), between(hour, day))
    for (i = share(6); i > 0; i--) set("app:v1:user:" i ":profile", text(250), 0)
    for (i = share(20); i > 0; i--) set("session:" uuid(), text(120), between(hour, 2 * hour))
    for (i = share(10); i > 0; i--) set("product:v7:" i, text(between(500, 1500)), between(hour, day))
    for (i = share(3); i > 0; i--) set("product:v6:" i, text(between(500, 1500)), 0)
    for (i = share(2); i > 0; i--) set("search:" hex4() hex4() hex4() hex4(), text(4096), i % 5 ? between(hour, 90 * 60) : 0)
    for (i = share(5); i > 0; i--) list(i)
    for (i = share(7); i > 0; i--) hash(i)
    for (i = share(4); i > 0; i--) members(i)
    for (i = share(3); i > 0; i--) ranking(i)
    for (i = share(3); i > 0; i--) set("counter:" i, random(1000000), i % 2 ? 0 : between(hour, 30 * day))
    for (i = 1; made < keys; i++) set("price:v3:" i, text(50), between(hour, 6 * hour))
}

function share(percent) { return int(keys * percent / 100) }

function list(id,    j) {
    for (j = 0; j < 10; j++)
        argument(text(40))
    collect("RPUSH", "feed:v1:" id, between(2 * hour, 12 * hour))
}

function hash(id,    j) {
    for (j = 0; j < 5; j++) {
        argument("field" j)
        argument(text(20))
    }
    collect("HSET", "cart:v2:" id, between(day, 7 * day))
}

function members(id,    j) {
    for (j = 0; j < 8; j++)
        argument("item:" random(1000000))
    collect("SADD", "tag:v1:" id, 0)
}

function ranking(id,    j) {
    for (j = 0; j < 8; j++) {
        argument(random(100000))
        argument("player:" j)
    }
    collect("ZADD", "rank:v1:" id ":weekly", between(day, 30 * day))
}
