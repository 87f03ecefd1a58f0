package apikey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// A HashKey is a secret under which API keys are hashed (a pepper): who steals the store of keys without it can neither
// use them nor check a guess.
type HashKey struct {
	// ID names it in [Key.HashKey]: visible ASCII, at most 64 characters.
	ID string
	// Secret is at least 32 bytes from a source of randomness.
	Secret []byte
}

// HashKeys are the hash keys of a server: the first one hashes new keys, all of them verify. Put a new one first to
// rotate, and take the old one out when no stored key names it any more. Safe for concurrent use.
type HashKeys struct {
	ids  []string // in the order of the file
	byID map[string]*hasher
}

// first is the id of the hash key that hashes new keys, or "".
func (r *HashKeys) first() string {
	if len(r.ids) == 0 {
		return ""
	}
	return r.ids[0]
}

const (
	leastSecret = 32
	maxHashKeys = 16
	maxRingFile = 64 << 10
)

// hasher computes HMAC-SHA-256 under one key.
type hasher struct{ pool sync.Pool }

// scratch is an HMAC with room for what it reads.
type scratch struct {
	mac hash.Hash
	buf [maxOpaque]byte
}

func newHasher(secret []byte) *hasher {
	h := &hasher{}
	kept := slices.Clone(secret)
	h.pool.New = func() any { return &scratch{mac: hmac.New(sha256.New, kept)} }
	return h
}

// sum hashes a key of at most maxOpaque bytes, which a scratch holds.
func (h *hasher) sum(text string) (out [sha256.Size]byte) {
	s := h.pool.Get().(*scratch)
	s.mac.Reset()
	_, _ = s.mac.Write(s.buf[:copy(s.buf[:], text)]) // a hash takes everything
	clear(s.buf[:])
	copy(out[:], s.mac.Sum(s.buf[:0]))
	h.pool.Put(s)
	return out
}

// NewHashKeys returns these hash keys, or all that is wrong with them.
func NewHashKeys(keys ...HashKey) (*HashKeys, error) {
	r := &HashKeys{byID: make(map[string]*hasher, len(keys))}
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("apikey: "+format, args...)) }
	if len(keys) == 0 || len(keys) > maxHashKeys {
		bad("%d hash keys; 1 to %d are needed", len(keys), maxHashKeys)
	}
	for i, k := range keys {
		switch {
		case k.ID == "" || len(k.ID) > 64 || !isVisible(k.ID):
			bad("hash key %d: its id is not visible ASCII of 1 to 64 characters", i+1)
		case r.byID[k.ID] != nil:
			bad("two hash keys with the id %q", k.ID)
		case len(k.Secret) < leastSecret:
			bad("hash key %q: %d bytes; %d are needed", k.ID, len(k.Secret), leastSecret)
		case isMonotone(k.Secret):
			bad("hash key %q: one byte all over", k.ID)
		default:
			r.byID[k.ID] = newHasher(k.Secret)
			r.ids = append(r.ids, k.ID)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return r, nil
}

// isMonotone finds what nobody drew at random.
func isMonotone(secret []byte) bool {
	for _, b := range secret {
		if b != secret[0] {
			return false
		}
	}
	return true
}

// ParseHashKeys reads hash keys from text, such as a variable of the environment: one a line, the id and the secret in base64
// (RFC 4648, section 4, with its padding). Errors never hold a secret.
func ParseHashKeys(text string) (*HashKeys, error) {
	var keys []HashKey
	n := 0
	for line := range strings.Lines(text) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("apikey: hash keys, line %d: it takes an id and a secret in base64", n)
		}
		secret, err := base64.StdEncoding.Strict().DecodeString(fields[1])
		if err != nil {
			return nil, fmt.Errorf("apikey: hash keys, line %d: the secret is not base64", n)
		}
		keys = append(keys, HashKey{fields[0], secret})
	}
	return NewHashKeys(keys...)
}

// HashKeyFile reads hash keys from a file in the form of [ParseHashKeys], once: a regular one of at most 64 KiB that
// not everyone may write.
func HashKeyFile(path string) (*HashKeys, error) {
	var keys *HashKeys
	err := keyfile.Open(path, maxRingFile, time.Hour).Poll(time.Now(), func(text []byte) (err error) {
		keys, err = ParseHashKeys(string(text))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("apikey: hash key file: %w", err)
	}
	return keys, nil
}

// Generate makes a key of 256 random bits with the first hash key. The clear text is for its holder, once, and nobody can
// recover it; what is stored is key, which still needs Subject and the rest. Two valid keys of one subject may overlap, which is how keys are
// rotated. It panics if prefix is not visible ASCII of at most 64 bytes.
func (r *HashKeys) Generate(prefix string) (clear string, key Key) {
	if !isVisible(prefix) || len(prefix) > maxPrefix {
		panic("apikey: the prefix is not visible ASCII of at most 64 bytes")
	}
	id := randomDigits(idLength)
	text := prefix + id + randomDigits(secretLength)
	sum := checksum(text)
	clear = text + string(sum[:])
	mac := r.byID[r.first()].sum(clear)
	return clear, Key{ID: id, HashKey: r.first(), Hash: hex.EncodeToString(mac[:])}
}

// Format keeps the secrets out of whatever is printed.
func (r *HashKeys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "apikey.HashKeys") }

// Format keeps the secret out of whatever is printed.
func (k HashKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "apikey.HashKey("+k.ID+")") }
