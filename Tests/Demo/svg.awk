# Draws what a terminal shows as an SVG picture: one text element a line, with the colours of SGR 1, 2, 31, 32, 33.
# Set title for the line of the command; reads the output of a command that writes colours.
BEGIN {
    colour[0] = "#d8dee9"; colour[1] = "#eceff4"; colour[2] = "#7b8394"; colour[31] = "#e06c75"
    colour[32] = "#98c379"; colour[33] = "#e5c07b"
    add("$ " title)
    add("")
}

{ add($0) }

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}

# Splits a line at its escape sequences; the words between keep their spaces.
function add(line,   text, code, rest, spans, plain, count) {
    code = 0
    rest = line
    plain = 0
    while (match(rest, /\033\[[0-9]*m/)) {
        text = substr(rest, 1, RSTART - 1)
        spans = spans span(text, code)
        plain += length(text)
        code = substr(rest, RSTART + 2, RLENGTH - 3) + 0
        rest = substr(rest, RSTART + RLENGTH)
    }
    spans = spans span(rest, code)
    plain += length(rest)
    if (plain > widest) widest = plain
    lines[++total] = spans
}

function span(text, code) {
    if (text == "") return ""
    return sprintf("<tspan fill=\"%s\"%s>%s</tspan>", (code in colour) ? colour[code] : colour[0],
        code == 1 ? " font-weight=\"bold\"" : "", escaped(text))
}

END {
    width = widest * 7.9 + 32
    height = total * 18 + 30
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, height
    printf "<title>%s</title>\n", escaped(title)
    printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#1e222a\"/>\n"
    printf "<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"13\" xml:space=\"preserve\">\n"
    for (line = 1; line <= total; line++) printf "<text x=\"16\" y=\"%d\">%s</text>\n", line * 18 + 12, lines[line]
    print "</g>\n</svg>"
}
