package gosrc

import (
	"strings"
	"unicode"
)

// maxWords bounds the text that is looked at for a name. Text beyond it still
// counts in the checksum.
const maxWords = 1 << 10

// splitWords finds the words of a text: runs of letters and digits, cut further
// where a small letter is followed by a capital one (userName), and before the last
// capital of a run that small letters follow (HTTPServer).
func splitWords(text string) []string {
	if len(text) > maxWords {
		text = text[:maxWords]
	}
	runes := []rune(text)
	words := symbols(runes)
	for start := 0; start < len(runes); {
		if !wordRune(runes[start]) {
			start++
			continue
		}
		end := start + 1
		for end < len(runes) && wordRune(runes[end]) && !cutsAt(runes, start, end) {
			end++
		}
		words = append(words, string(runes[start:end]))
		start = end
	}
	if shouts(words) {
		for i, w := range words {
			words[i] = strings.ToLower(w)
		}
	}
	return words
}

// cutsAt reports whether a new word begins at runes[i], within a run of letters and
// digits of a word that began at start.
func cutsAt(runes []rune, start, i int) bool {
	if !unicode.IsUpper(runes[i]) {
		return false
	}
	if !unicode.IsUpper(runes[i-1]) {
		return true
	}
	if i+1 == len(runes) || !unicode.IsLower(runes[i+1]) {
		return false
	}
	// The last capital of HTTPServer begins a word; that of userIDs does not.
	plural := runes[i+1] == 's' && (i+2 == len(runes) || !unicode.IsLower(runes[i+2]))
	return !plural || initialisms[strings.ToLower(string(runes[start:i+1]))] == ""
}

// shouts reports whether words are written in capitals for no reason of their own,
// as PENDING_REVIEW is. Short codes such as EUR stay as they are.
func shouts(words []string) bool {
	letters := 0
	for _, w := range words {
		for _, r := range w {
			if unicode.IsLower(r) {
				return false
			}
			letters++
		}
	}
	return len(words) > 1 || letters > 3
}

// titled is a word as it stands in a name.
func titled(word string) string {
	lower := strings.ToLower(word)
	if s := initialisms[lower]; s != "" {
		return s
	}
	if one, ok := strings.CutSuffix(lower, "s"); ok {
		if s := initialisms[one]; s != "" && !strings.HasSuffix(s, "S") {
			return s + "s"
		}
	}
	if stem := strings.TrimRightFunc(lower, unicode.IsDigit); stem != lower {
		if s := initialisms[stem]; s != "" {
			return s + lower[len(stem):]
		}
	}
	first := firstRune(word)
	upper := unicode.ToUpper(first)
	if !wordRune(upper) {
		return word
	}
	return string(upper) + word[len(string(first)):]
}

// initialisms are written in capitals within names, by their small letters.
var initialisms = func() map[string]string {
	m := map[string]string{
		"ipv4": "IPv4", "ipv6": "IPv6", "oauth": "OAuth", "oauth2": "OAuth2", "utf8": "UTF8", "openapi": "OpenAPI",
	}
	const list = "ACL API ASCII AWS CIDR CPU CSS CSV CVE DB DNS EOF FQDN GID GPG GUID HMAC HTML HTTP HTTPS IBAN ID IP " +
		"ISO JSON JWK JWKS JWT LDAP MAC MFA NAT OIDC PCI PDF PGP PHI PII QPS RAM REST RPC RSA SAML SDK SHA SLA SMS " +
		"SMTP SQL SSH SSL SSN SSO SVG TCP TLS TOTP TTL UDP UI UID URI URL URN UTC UUID VAT VM VPN XML XSRF XSS YAML ZIP"
	for _, s := range strings.Fields(list) {
		m[strings.ToLower(s)] = s
	}
	return m
}()

// symbols names the signs of a text that has no letters and at most four signs
// (">=", "*"), and the sign before a number (+1 and -1 are two names).
func symbols(runes []rune) []string {
	if len(runes) > 1 && unicode.IsDigit(runes[1]) && (runes[0] == '+' || runes[0] == '-') {
		return []string{signs[runes[0]]}
	}
	if len(runes) > 4 {
		return nil
	}
	var words []string
	for _, r := range runes {
		if signs[r] == "" {
			return nil
		}
		words = append(words, signs[r])
	}
	return words
}

var signs = map[rune]string{
	'+': "Plus", '-': "Minus", '*': "Star", '/': "Slash", '<': "Less", '>': "Greater", '=': "Equal",
	'!': "Not", '&': "And", '|': "Or", '%': "Percent", '$': "Dollar", '#': "Hash", '@': "At", '.': "Dot",
	',': "Comma", ':': "Colon", ';': "Semicolon", '?': "Question", '^': "Caret", '~': "Tilde", '_': "Underscore",
	' ': "Space",
}
