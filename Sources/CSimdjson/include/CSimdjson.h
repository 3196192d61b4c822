// One line of JSON in, its values out as a flat list: what the seed reader needs of simdjson, hidden behind C.
//
// Why simdjson: of the parsers that distributions package it is the only one that is fast, keeps the text of numbers and
// is maintained. Measured into SeedRecord values on 100 MB of JSON lines of 380 bytes, one core (Swift 6.3, Debian 12):
// simdjson 3.0 2,900,000 records/s (1,100,000 through SeedReader with its checks), yajl 2.1 880,000, a scanner in Swift
// 660,000, jansson 2.14 190,000 (and it rounds numbers), Foundation's decoder 60,000. A server takes 160,000 SETs/s.
// It adds 200 kB of library and 0.06 ms to every start; yajl, the runner-up, has had no release since 2014.
//
// simdjson's On Demand front end checks only what is looked at, so everything is looked at, and what it leaves to its
// callers (numbers that are not converted, names that occur twice, what follows the document) is checked here.

#ifndef REDISCACHE_CSIMDJSON_H
#define REDISCACHE_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many bytes after a line must be readable, whatever they hold.
enum { rediscache_json_padding = 64 };

// How deep objects and arrays may be nested, the record itself included.
enum { rediscache_json_depth = 256 };

typedef enum : uint32_t {
    rediscache_json_object,
    rediscache_json_array,
    rediscache_json_string,
    rediscache_json_number,
    rediscache_json_true,
    rediscache_json_false,
    rediscache_json_null,
} rediscache_json_kind;

// A value. The names of an object's members are strings that stand before their values; what is inside an object or an
// array follows it.
typedef struct {
    const uint8_t *bytes; // Of a string the unescaped text, of other scalars the text as written. Good until the next parse.
    uint32_t length;
    uint32_t column; // Where the value starts in the line, counted from 0.
    uint32_t span;   // How many values this one takes in the list, itself included.
    rediscache_json_kind kind;
} rediscache_json_value;

typedef enum : uint32_t {
    rediscache_json_fine,
    rediscache_json_syntax,
    rediscache_json_cut_off,
    rediscache_json_not_utf8,
    rediscache_json_control_character,
    rediscache_json_bad_string,
    rediscache_json_bad_number,
    rediscache_json_too_deep,
    rediscache_json_twice,
    rediscache_json_trailing,
    rediscache_json_not_object,
    rediscache_json_no_memory,
} rediscache_json_fault;

typedef struct rediscache_json rediscache_json;

// Returns null where there is no memory.
rediscache_json *rediscache_json_create(void);
void rediscache_json_free(rediscache_json *parser);

// Parses one object. `column` is where the fault is, as far as the parser knows: for bytes that are not UTF-8 and for
// control characters it does not, and says 0.
rediscache_json_fault rediscache_json_parse(rediscache_json *parser, const uint8_t *line, size_t length, size_t *column);

// The values of the last line that was fine, the object itself first.
const rediscache_json_value *rediscache_json_values(const rediscache_json *parser, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
