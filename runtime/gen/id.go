package gen

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
)

// requestID names a request: with 32 hexadecimal digits that are written when they are
// needed, or with what a trusted proxy calls it.
type requestID struct {
	block [aes.BlockSize]byte
	given string
}

// append appends the id's text, as a UUID or as it is. One that was given is such already.
func (id *requestID) append(b []byte, uuid bool) []byte {
	if id.given != "" {
		return append(b, id.given...)
	}
	if uuid {
		return appendUUID(b, id.block)
	}
	return appendHex(appendHex(b, binary.BigEndian.Uint64(id.block[:8])), binary.BigEndian.Uint64(id.block[8:]))
}

// String is the id's text.
func (id *requestID) String() string { return id.text(false) }

func (id *requestID) text(uuid bool) string {
	if id.given != "" {
		return id.given
	}
	var b [36]byte
	return string(id.append(b[:0], uuid))
}

// appendUUID appends an id as a UUID of version 8 (RFC 9562, 5.8).
func appendUUID(b []byte, id [16]byte) []byte {
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	for i, c := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		const digits = "0123456789abcdef"
		b = append(b, digits[c>>4], digits[c&15])
	}
	return b
}

// givenID is the id that a trusted proxy gives in a field, or "": one that is repeated, or is none, is not taken.
func (c *Call) givenID(name string, uuid bool) string {
	values := c.R.Header[name]
	if !c.from.proxied || len(values) != 1 || !isRequestID(values[0]) || uuid && !isUUID(values[0]) {
		return ""
	}
	return values[0]
}

// adopt takes the request's id from the fields that the operation echoes, where X-Request-Id has none that it could be.
func (c *Call) adopt(op *mounted) {
	if op.uuid && !isUUID(c.from.id.given) {
		c.from.id.given = ""
	}
	for i := range op.op.Echo {
		if c.from.id.given == "" {
			c.from.id.given = c.givenID(op.op.Echo[i].Name, op.uuid)
		}
	}
}

// isUUID reports whether s is a UUID as RFC 9562, section 4, writes it.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && (c|0x20 < 'a' || c|0x20 > 'f') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// appendHex appends x as 16 digits.
func appendHex(b []byte, x uint64) []byte {
	// Each half's nibbles are spread over the bytes of a word, first digit highest; then 6 is added to find those above 9.
	for _, half := range [2]uint64{x >> 32, x & 0xffffffff} {
		half = (half<<16 | half) & 0x0000ffff0000ffff
		half = (half<<8 | half) & 0x00ff00ff00ff00ff
		half = (half<<4 | half) & 0x0f0f0f0f0f0f0f0f
		letter := (half + 0x0606060606060606) >> 4 & 0x0101010101010101
		b = binary.BigEndian.AppendUint64(b, half+0x3030303030303030+letter*('a'-'0'-10))
	}
	return b
}

// ids makes request ids: the blocks of a counter under AES-128 with a random key of this
// process. They are unique, since the cipher is a permutation. Without the key, an id tells
// neither other ids nor how many requests the server has served, however many ids a client
// has seen. They are names still, not secrets: answers and logs hold them.
type ids struct {
	cipher  cipher.Block
	counter atomic.Uint64
}

// seed draws the key.
func (g *ids) seed() error {
	var key [16]byte
	if _, err := rand.Read(key[:]); err != nil {
		return err
	}
	var err error
	g.cipher, err = aes.NewCipher(key[:])
	return err
}

// next writes a new id. The block is encrypted in place: a block of the caller's stack
// would be allocated, since the cipher is behind an interface.
func (g *ids) next(id *requestID) {
	binary.BigEndian.PutUint64(id.block[:8], 0)
	binary.BigEndian.PutUint64(id.block[8:], g.counter.Add(1))
	g.cipher.Encrypt(id.block[:], id.block[:])
}

// isRequestID reports whether a request's id may be what a proxy says it is.
func isRequestID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
