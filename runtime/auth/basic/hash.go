package basic

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// A Hash is a password's argon2id hash with its parameters.
type Hash struct {
	parameters
	salt []byte
	sum  []byte
	text string
}

// The parameters that a stored hash may have. The least are the second recommendation of RFC 9106, section 4; the
// most keep a stored hash from being a way to exhaust the server.
const (
	leastMemory, mostMemory   = 64 << 10, 256 << 10 // KiB
	leastTime, mostTime       = 3, 10
	leastThreads, mostThreads = 1, 16
	leastSalt, mostSalt       = 16, 64
	leastSum, mostSum         = 32, 64
	maxHashText               = 256
)

const (
	// MaxPassword is the longest password, in bytes.
	MaxPassword = 512
	// MaxName is the longest user name, in bytes.
	MaxName = 128
)

var errHash = errors.New("basic: not an argon2id hash ($argon2id$v=19$m=...,t=...,p=...$salt$hash)")

// ParseHash reads a hash as a PHC string, such as HashPassword and other programs write it. Memory must be 64 MiB to 256 MiB,
// passes 3 to 10, lanes 1 to 16, the salt 16 to 64 bytes and the hash 32 to 64. Errors never repeat the text.
func ParseHash(text string) (*Hash, error) {
	parts := strings.Split(text, "$")
	if len(text) > maxHashText || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v=19" {
		return nil, errHash
	}
	h := &Hash{text: strings.Clone(text)}
	parameters := strings.Split(parts[3], ",")
	if len(parameters) != 3 {
		return nil, errHash
	}
	var values [3]uint64
	for i, p := range []struct {
		name        string
		least, most uint64
	}{{"m", leastMemory, mostMemory}, {"t", leastTime, mostTime}, {"p", leastThreads, mostThreads}} {
		digits, ok := strings.CutPrefix(parameters[i], p.name+"=")
		v, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil || strconv.FormatUint(v, 10) != digits {
			return nil, errHash
		}
		if v < p.least || v > p.most {
			return nil, fmt.Errorf("basic: an argon2id hash with %s=%d; %d to %d is allowed (RFC 9106, section 4)", p.name, v, p.least, p.most)
		}
		values[i] = v
	}
	h.memory, h.time, h.threads = uint32(values[0]), uint32(values[1]), uint8(values[2])
	for i, p := range []struct {
		into        *[]byte
		least, most int
	}{{&h.salt, leastSalt, mostSalt}, {&h.sum, leastSum, mostSum}} {
		b, err := base64.RawStdEncoding.Strict().DecodeString(parts[4+i])
		if err != nil || strings.ContainsAny(parts[4+i], "\r\n") || len(b) < p.least || len(b) > p.most {
			return nil, errHash
		}
		*p.into = b
	}
	return h, nil
}

// HashPassword hashes a password for a file of users, with 64 MiB, 3 passes and 4 lanes. It panics if the password is empty or longer
// than MaxPassword: ask for at least 12 characters, and compare with lists of passwords that leaked, before you call it.
func HashPassword(password string) string {
	if password == "" || len(password) > MaxPassword {
		panic("basic: the password is empty or too long")
	}
	salt := make([]byte, leastSalt)
	rand.Read(salt) // never fails: it ends the program rather
	b64 := base64.RawStdEncoding.EncodeToString
	sum := argon2.IDKey([]byte(password), salt, leastTime, leastMemory, 4, leastSum)
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=4$%s$%s", leastMemory, leastTime, b64(salt), b64(sum))
}

// matches reports whether the password is right, at the cost that the hash asks for.
func (h *Hash) matches(fill filler, password string) bool {
	sum := fill([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.sum)))
	return subtle.ConstantTimeCompare(sum, h.sum) == 1
}

// Format keeps the hash out of whatever is printed.
func (h *Hash) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("basic.Hash")) }

// nobody stands for the users that do not exist: no password has this hash.
func nobody() *Hash {
	h := &Hash{parameters: least, salt: make([]byte, leastSalt), sum: make([]byte, leastSum)}
	rand.Read(h.salt)
	rand.Read(h.sum)
	h.text = string(h.salt)
	return h
}
