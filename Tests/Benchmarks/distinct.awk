# As many keys as `keys`, of which no two have a beginning, a length or a pattern in common: nothing to group them by.

BEGIN {
    srand(7)
    signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/#"
    for (i = 0; i < keys; i++) {
        name = ""
        for (j = 8 + int(rand() * 24); j > 0; j--) name = name substr(signs, 1 + int(rand() * 68), 1)
        name = name i
        printf "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$1\r\nv\r\n", length(name), name
    }
}
