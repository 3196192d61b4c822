#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <exception>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

using namespace simdjson;

static_assert(SIMDJSON_PADDING <= rediscache_json_padding, "lines need more padding");

namespace {

struct Name {
    std::string_view text;
    uint32_t column;

    bool operator<(const Name &other) const {
        const int order = text.compare(other.text);
        return order < 0 || (order == 0 && column < other.column);
    }
};

bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

size_t skip_digits(std::string_view text, size_t at) {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') at++;
    return at;
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
    size_t at = !text.empty() && text[0] == '-';
    const size_t whole = at;
    at = skip_digits(text, at);
    if (at == whole || (at > whole + 1 && text[whole] == '0')) return false;
    if (at < text.size() && text[at] == '.') {
        const size_t fraction = at + 1;
        at = skip_digits(text, fraction);
        if (at == fraction) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) exponent++;
        at = skip_digits(text, exponent);
        if (at == exponent) return false;
    }
    return at == text.size();
}

rediscache_json_fault fault_of(error_code error) {
    switch (error) {
    case SUCCESS: return rediscache_json_fine;
    case UNCLOSED_STRING:
    case INCOMPLETE_ARRAY_OR_OBJECT: return rediscache_json_cut_off;
    case UTF8_ERROR: return rediscache_json_not_utf8;
    case UNESCAPED_CHARS: return rediscache_json_control_character;
    case STRING_ERROR: return rediscache_json_bad_string;
    case DEPTH_ERROR: return rediscache_json_too_deep;
    case MEMALLOC:
    case CAPACITY: return rediscache_json_no_memory;
    default: return rediscache_json_syntax;
    }
}

} // namespace

struct rediscache_json {
    using fault = rediscache_json_fault;

    ondemand::parser parser;
    std::vector<rediscache_json_value> values;
    std::vector<Name> names;
    const uint8_t *line = nullptr;
    uint32_t column = 0;

    fault parse(const uint8_t *start, size_t length);

private:
    uint32_t column_of(const char *place) const { return uint32_t(reinterpret_cast<const uint8_t *>(place) - line); }

    void push(rediscache_json_kind kind, std::string_view text = {}) {
        values.push_back({reinterpret_cast<const uint8_t *>(text.data()), uint32_t(text.size()), column, 1, kind});
    }

    fault read(ondemand::value value, unsigned depth);
    fault read(ondemand::object object, unsigned depth);
    fault read(ondemand::array array, unsigned depth);
    fault read_scalar(ondemand::value value, ondemand::json_type type);
    fault check_names(size_t object);
};

rediscache_json_fault rediscache_json::read(ondemand::value value, unsigned depth) {
    column = column_of(value.raw_json_token().data());
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return fault_of(error);
    switch (type) {
    case ondemand::json_type::object: {
        if (depth > rediscache_json_depth) return rediscache_json_too_deep;
        ondemand::object object;
        if (const auto error = value.get_object().get(object)) return fault_of(error);
        return read(object, depth);
    }
    case ondemand::json_type::array: {
        if (depth > rediscache_json_depth) return rediscache_json_too_deep;
        ondemand::array array;
        if (const auto error = value.get_array().get(array)) return fault_of(error);
        return read(array, depth);
    }
    default: return read_scalar(value, type);
    }
}

// Other scalars are told by their text alone: simdjson steps over what nobody converts, and would round a number.
rediscache_json_fault rediscache_json::read_scalar(ondemand::value value, ondemand::json_type type) {
    std::string_view text;
    if (type == ondemand::json_type::string) {
        if (const auto error = value.get_string().get(text)) return fault_of(error);
        push(rediscache_json_string, text);
        return rediscache_json_fine;
    }
    text = value.raw_json_token();
    while (!text.empty() && is_space(uint8_t(text.back()))) text.remove_suffix(1);
    if (text == "true") {
        push(rediscache_json_true, text);
    } else if (text == "false") {
        push(rediscache_json_false, text);
    } else if (text == "null") {
        push(rediscache_json_null, text);
    } else if (is_number(text)) {
        push(rediscache_json_number, text);
    } else {
        return type == ondemand::json_type::number ? rediscache_json_bad_number : rediscache_json_syntax;
    }
    return rediscache_json_fine;
}

rediscache_json_fault rediscache_json::read(ondemand::object object, unsigned depth) {
    const size_t index = values.size();
    push(rediscache_json_object);
    for (auto result : object) {
        ondemand::field field;
        if (const auto error = std::move(result).get(field)) return fault_of(error);
        column = column_of(field.key().raw()) - 1;
        std::string_view name;
        if (const auto error = field.unescaped_key().get(name)) return fault_of(error);
        push(rediscache_json_string, name);
        if (const auto fault = read(field.value(), depth + 1)) return fault;
    }
    values[index].span = uint32_t(values.size() - index);
    return check_names(index);
}

rediscache_json_fault rediscache_json::read(ondemand::array array, unsigned depth) {
    const size_t index = values.size();
    push(rediscache_json_array);
    for (auto result : array) {
        ondemand::value element;
        if (const auto error = std::move(result).get(element)) return fault_of(error);
        if (const auto fault = read(element, depth + 1)) return fault;
    }
    values[index].span = uint32_t(values.size() - index);
    return rediscache_json_fine;
}

rediscache_json_fault rediscache_json::check_names(size_t object) {
    names.clear();
    const size_t end = object + values[object].span;
    for (size_t index = object + 1; index < end; index += 1 + values[index + 1].span) {
        const auto &name = values[index];
        names.push_back({{reinterpret_cast<const char *>(name.bytes), name.length}, name.column});
    }
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(
        names.begin(), names.end(), [](const Name &first, const Name &second) { return first.text == second.text; });
    if (twin == names.end()) return rediscache_json_fine;
    column = (twin + 1)->column;
    return rediscache_json_twice;
}

rediscache_json_fault rediscache_json::parse(const uint8_t *start, size_t length) {
    values.clear();
    line = start;
    column = 0;
    while (column < length && is_space(line[column])) column++;
    // Newer versions of simdjson skip a byte order mark by themselves; inside a file it does not belong.
    if (column == length || line[column] != '{') return rediscache_json_not_object;

    ondemand::document document;
    if (const auto error = parser.iterate(line, length, length + rediscache_json_padding).get(document)) {
        column = error == UNCLOSED_STRING ? uint32_t(length) : 0;
        return fault_of(error);
    }
    ondemand::object object;
    fault fault = fault_of(document.get_object().get(object));
    if (fault == rediscache_json_fine) fault = read(object, 1);

    const char *place = nullptr;
    const auto location = document.current_location().get(place);
    if (fault == rediscache_json_fine) {
        if (location == OUT_OF_BOUNDS) return rediscache_json_fine;
        fault = rediscache_json_trailing;
    }
    if (fault == rediscache_json_cut_off) column = uint32_t(length);
    if (fault == rediscache_json_syntax || fault == rediscache_json_trailing) {
        column = location == SUCCESS ? std::min(column_of(place), uint32_t(length)) : uint32_t(length);
    }
    return fault;
}

rediscache_json *rediscache_json_create(void) { return new (std::nothrow) rediscache_json; }

void rediscache_json_free(rediscache_json *parser) { delete parser; }

rediscache_json_fault
rediscache_json_parse(rediscache_json *parser, const uint8_t *line, size_t length, size_t *column) {
    rediscache_json_fault fault = rediscache_json_no_memory;
    // The columns of values and simdjson's own indices have 32 bits.
    if (length < UINT32_MAX - rediscache_json_padding) {
        try {
            fault = parser->parse(line, length);
        } catch (const std::exception &) {
            // Only the vectors can throw, and only for want of memory.
        }
    }
    *column = fault == rediscache_json_fine ? 0 : parser->column;
    return fault;
}

const rediscache_json_value *rediscache_json_values(const rediscache_json *parser, size_t *count) {
    *count = parser->values.size();
    return parser->values.data();
}
