#include "CToml.h"

// The library as a header: a shared library more takes a start longer than parsing does.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

struct rediscache_toml {
    toml::table root;
    std::vector<rediscache_toml_value> values;
    std::string fault;
    rediscache_toml_place place = {};

    void read(std::string_view text);

private:
    bool has_deep_keys(std::string_view text);
    void append(std::string_view name, const toml::node &node, unsigned level);
};

// A key ends with its line, and so do the inline tables of a line, but arrays go on for up to TOML_MAX_NESTED_VALUES
// levels: the depth is below (2 + 16) * 257, at some 200 bytes of stack each.
bool rediscache_toml::has_deep_keys(std::string_view text) {
    uint32_t line = 1, column = 0, dots = 0;
    bool is_comment = false, is_blank = true;
    for (const char byte : text) {
        if (byte == '\n') {
            line++;
            column = dots = 0;
            is_comment = false;
            is_blank = true;
            continue;
        }
        // The bytes that continue a character in UTF-8 are not counted.
        if ((byte & 0xC0) != 0x80) column++;
        if (is_blank && byte == '#') is_comment = true;
        if (byte != ' ' && byte != '\t') is_blank = false;
        if (byte != '.' || is_comment || ++dots <= rediscache_toml_dots) continue;
        fault = "more than " + std::to_string(unsigned(rediscache_toml_dots)) + " dots in a line";
        place = {line, column, line, column};
        return true;
    }
    return false;
}

void rediscache_toml::append(std::string_view name, const toml::node &node, unsigned level) {
    const size_t index = values.size();
    rediscache_toml_value value = {name.data(), name.size(), nullptr, 0, 0, 1, rediscache_toml_other};
    if (const auto *text = node.as_string()) {
        value.kind = rediscache_toml_text;
        value.text = text->get().data();
        value.text_length = text->get().size();
    } else if (const auto *integer = node.as_integer()) {
        value.kind = rediscache_toml_integer;
        value.integer = integer->get();
    } else if (const auto *boolean = node.as_boolean()) {
        value.kind = rediscache_toml_boolean;
        value.integer = boolean->get();
    } else if (node.is_table()) {
        value.kind = rediscache_toml_table;
    } else if (node.is_array()) {
        value.kind = rediscache_toml_array;
    }
    values.push_back(value);
    if (const auto *array = node.as_array()) {
        if (level > rediscache_toml_levels) return;
        for (auto &&element : *array) append({}, element, rediscache_toml_levels + 1);
        values[index].span = values.size() - index;
        return;
    }
    const auto *table = node.as_table();
    if (!table || level >= rediscache_toml_levels) return;
    for (auto &&[key, member] : *table) append(key.str(), member, level + 1);
    values[index].span = values.size() - index;
}

void rediscache_toml::read(std::string_view text) {
    if (has_deep_keys(text)) return;
    auto result = toml::parse(text);
    if (!result) {
        const auto &error = result.error();
        const auto &source = error.source();
        fault = error.description();
        place = {source.begin.line, source.begin.column, source.end.line, source.end.column};
        return;
    }
    root = std::move(result).table();
    append({}, root, 0);
}

rediscache_toml *rediscache_toml_read(const char *bytes, size_t length) {
    auto *file = new (std::nothrow) rediscache_toml;
    if (!file) return nullptr;
    try {
        file->read({bytes, length});
    } catch (const std::exception &) {
        // Only memory can run out.
        delete file;
        return nullptr;
    }
    return file;
}

void rediscache_toml_free(rediscache_toml *file) { delete file; }

const char *rediscache_toml_fault(const rediscache_toml *file, rediscache_toml_place *place) {
    *place = file->place;
    return file->fault.empty() ? nullptr : file->fault.c_str();
}

const rediscache_toml_value *rediscache_toml_values(const rediscache_toml *file, size_t *count) {
    *count = file->values.size();
    return file->values.data();
}
