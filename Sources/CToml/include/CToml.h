// A TOML file through toml++, as values that Swift can read without its types.
//
// The parser keeps every table, and frees a table by freeing what it holds: a thousand tables in each other take a
// thousand calls in each other. Neither a key nor an array gets that deep here; see rediscache_toml_dots.

#ifndef REDISCACHE_CTOML_H
#define REDISCACHE_CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    // The most dots in a line, which bounds the depth of a dotted key; 200,000 of them overflow an 8 MiB stack.
    rediscache_toml_dots = 256,
    // Values below this level appear by their kind alone. The root is level 0, profile.NAME.setting level 3, and
    // profile.NAME.rules.ID.THRESHOLD level 5.
    rediscache_toml_levels = 5,
};

typedef enum {
    rediscache_toml_table,
    rediscache_toml_text,
    rediscache_toml_integer,
    rediscache_toml_boolean,
    // Its elements follow as the members of a table do, without names; arrays and tables among them appear by their kind.
    rediscache_toml_array,
    // A floating-point number, a date or a time.
    rediscache_toml_other,
} rediscache_toml_kind;

// A value and its name in the table around it. Texts are UTF-8, are not terminated, and may hold NUL.
typedef struct {
    const char *name;
    size_t name_length;
    const char *text;
    size_t text_length;
    // An integer's value; 1 for true, 0 for false.
    int64_t integer;
    // The number of values in this one, itself included: the next sibling is that many values on.
    size_t span;
    rediscache_toml_kind kind;
} rediscache_toml_value;

// Where a file is wrong, counted from 1. The column counts characters.
typedef struct {
    uint32_t line;
    uint32_t column;
    uint32_t end_line;
    uint32_t end_column;
} rediscache_toml_place;

typedef struct rediscache_toml rediscache_toml;

// Reads a whole file. Returns NULL where memory runs out.
rediscache_toml *rediscache_toml_read(const char *bytes, size_t length);
void rediscache_toml_free(rediscache_toml *file);

// Says why the file is not valid TOML, terminated by NUL, and sets the place; returns NULL for a valid file.
const char *rediscache_toml_fault(const rediscache_toml *file, rediscache_toml_place *place);

// The values of a valid file: each table stands before what it holds, and the first is the root.
const rediscache_toml_value *rediscache_toml_values(const rediscache_toml *file, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
