package mask

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The forms are pure functions from a clear value to what may be seen of it. None of them tells the length of the value,
// and each redacts a value wholly that is too short to hide enough, is not what the form is
// for, or is not valid UTF-8.

const (
	// minLast4 is how many characters a value has of which four are shown: no more than half.
	minLast4 = 8

	// PCI DSS 4.0, 3.4.1: at most the BIN and the last four. Of a number of fewer than 15 digits these would be
	// most of it.
	minPAN, maxPAN = 15, 19

	minHashKey = 16
)

// Redact shows nothing.
func Redact(string) string { return Redacted }

// Parts are what a form shows, in the order in which it is read: the encoder writes them
// one behind the other, and no string is made of them.
type Parts [3]string

// Last4 shows the last four characters of a value of at least eight: ********4242.
func Last4(s string) string { return joined(Last4Parts(s)) }

// Last4Parts is [Last4] in parts.
func Last4Parts(s string) Parts {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) < minLast4 {
		return Parts{Redacted}
	}
	at := len(s)
	for range 4 {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return Parts{Redacted, s[at:]}
}

func joined(p Parts) string { return p[0] + p[1] + p[2] }

// First6Last4 shows the first six and last four digits of a card number of 15 to 19 digits, written
// with or without spaces and hyphens between: 424242********4242. Anything else is redacted.
func First6Last4(s string) string {
	var digits [maxPAN]byte
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c == '-':
		case c < '0' || c > '9' || n == maxPAN:
			return Redacted
		default:
			digits[n] = c
			n++
		}
	}
	if n < minPAN {
		return Redacted
	}
	return string(digits[:6]) + Redacted + string(digits[n-4:n])
}

// Email shows the first character of the local part, if it has at least three, and the domain: j***@example.com.
func Email(s string) string { return joined(EmailParts(s)) }

// EmailParts is [Email] in parts.
func EmailParts(s string) Parts {
	local, domain, ok := cutEmail(s)
	if !ok {
		return Parts{Redacted}
	}
	size := 0
	if utf8.RuneCountInString(local) >= 3 {
		_, size = utf8.DecodeRuneInString(local)
	}
	return Parts{local[:size], "***@", domain}
}

// notInDomain are the bytes that no domain or address literal of a plain address has.
var notInDomain = func() (set [256]bool) {
	for c := range ' ' + 1 {
		set[c] = true
	}
	for _, c := range []byte("\x7f<>()[],;:\\\"") {
		set[c] = true
	}
	return set
}()

// cutEmail splits at the last @, and refuses what would show more than a domain after it.
func cutEmail(s string) (local, domain string, ok bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !utf8.ValidString(s) {
		return "", "", false
	}
	local, domain = s[:at], s[at+1:]
	if domain == "" || len(domain) > 253 || strings.IndexByte(local, '"') >= 0 {
		return "", "", false
	}
	for i := range len(domain) {
		if notInDomain[domain[i]] {
			return "", "", false
		}
	}
	return local, domain, true
}

// Hash shows a pseudonym: 22 characters of base64url from the HMAC-SHA-256 of s, the same for the same value and key. Without the
// key nobody can try values; with it, anybody can, so keep it as a secret. Under a key that [CheckHashKey]
// refuses, the value is redacted.
func Hash(key []byte, s string) string {
	if len(key) < minHashKey {
		return Redacted
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("bailey mask hash 1\x00")) // the key may be in use for something else
	mac.Write([]byte(s))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// CheckHashKey reports why key cannot be used with [Hash]: it needs at least 16 bytes, of a random source.
func CheckHashKey(key []byte) error {
	if len(key) < minHashKey {
		return fmt.Errorf("mask: a key of %d bytes for hashed values; it takes at least %d", len(key), minHashKey)
	}
	return nil
}
