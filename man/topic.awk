# Writes a man page around a topic of the help, word for word: `make completions` calls it.
# Set name, section, summary and date.
BEGIN {
    printf ".\\\" Written from rediscache help; do not edit.\n"
    printf ".Dd %s\n.Dt REDISCACHE-%s %s\n.Os\n", date, toupper(name), section
    printf ".Sh NAME\n.Nm rediscache-%s\n.Nd %s\n.Sh DESCRIPTION\n.Bd -literal\n", name, summary
}

{
    gsub(/\\/, "\\e")
    if (/^[.']/) $0 = "\\&" $0
    print
}

END {
    print ".Ed\n.Sh SEE ALSO\n.Xr rediscache 1"
}
