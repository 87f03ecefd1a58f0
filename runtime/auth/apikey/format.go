package apikey

import (
	"crypto/rand"
	"hash/crc32"
	"strings"
)

// A key is its prefix, and behind it in base 62 (0-9A-Za-z), each of fixed length:
//
//	id, 16 characters    names the key; no secret
//	secret, 43           256 random bits
//	checksum, 6          the CRC-32 (IEEE) of all that stands before it
//
// The checksum lets scanners and the server tell a key from a typing error without asking anybody. It is
// no protection: anybody can compute it.
const (
	idLength       = 16
	secretLength   = 43
	checksumLength = 6
	bodyLength     = idLength + secretLength + checksumLength

	maxPrefix = 64
)

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomDigits returns n digits, each equally likely.
func randomDigits(n int) string {
	out := make([]byte, 0, n)
	var buf [64]byte
	for {
		rand.Read(buf[:]) // never fails: it ends the program rather
		for _, b := range buf {
			if b >= 4*62 {
				continue // 256 is no multiple of 62
			}
			if out = append(out, digits[b%62]); len(out) == n {
				return string(out)
			}
		}
	}
}

// checksum returns the last characters of a key that begins with text.
func checksum(text string) (out [checksumLength]byte) {
	sum := crc32.ChecksumIEEE([]byte(text))
	for i := checksumLength - 1; i >= 0; i-- {
		out[i] = digits[sum%62]
		sum /= 62
	}
	return out
}

// split returns the id within a key, if the key has the form and the prefix, and whether its checksum is right.
func split(text, prefix string) (id string, formed, whole bool) {
	if len(text) != len(prefix)+bodyLength || !strings.HasPrefix(text, prefix) {
		return "", false, false
	}
	for i := len(prefix); i < len(text); i++ {
		c := text[i]
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return "", false, false
		}
	}
	end := len(text) - checksumLength
	sum := checksum(text[:end])
	return text[len(prefix) : len(prefix)+idLength], true, text[end:] == string(sum[:])
}

// isID reports whether s can be the id of a key.
func isID(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(digits, s[i]) < 0 {
			return false
		}
	}
	return len(s) == idLength
}
