package redact

import "regexp"

// Passwords of the server itself, as drivers put them into their errors: in the user part of a URL, and as a pair of a
// connection string. The parts are bounded, so that no text costs more than its length.
var (
	inURL  = regexp.MustCompile(`(://[^/\s:@]{0,128}:)[^/\s@]{1,256}@`)
	inPair = regexp.MustCompile(`(?i)\b(passw(?:or)?d|passphrase|pwd|secret|client_secret|api[-_]?key|access[-_]?token|refresh[-_]?token)(["']?\s?[=:]\s?)("[^"]{1,256}"|'[^']{1,256}'|[^\s"'&;,)}\[\]]{1,256})`)
)

// Passwords replaces the passwords of URLs and connection strings.
func Passwords(text string) string {
	return inPair.ReplaceAllString(inURL.ReplaceAllString(text, "${1}[credential]@"), "${1}${2}[credential]")
}
