package limit

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"

	"github.com/bailey-go/bailey/runtime/internal/network"
	"github.com/bailey-go/bailey/runtime/principal"
)

// kind tells apart who is counted; each has its own table in [Memory].
type kind uint8

const (
	kindV4 kind = iota
	kindV6
	kindIdentity
	kinds
)

// A Key names a bucket: a rule and whom it counts. It has a fixed size, holds no
// text of the request, and is comparable. The zero value is a valid key that
// nothing else makes.
type Key struct {
	rule string
	id   [16]byte
	kind kind
}

// ByAddress counts a network address: an IPv4 address (also when written as
// IPv4-mapped IPv6) by itself, an IPv6 address by its /64. An address that is not
// valid is counted with all others that are not.
//
// Rule must be unique among the rules that share a store (the scope of the rule, what it stands on
// and its name), and should be a constant: the key holds it.
func ByAddress(rule string, addr netip.Addr) Key {
	addr = network.Client(addr)
	if addr.Is4() {
		k := Key{rule: rule, kind: kindV4}
		v4 := addr.As4()
		copy(k.id[:], v4[:])
		return k
	}
	k := Key{rule: rule, kind: kindV6}
	if addr.IsValid() {
		v6 := addr.As16()
		copy(k.id[:], v6[:])
	}
	return k
}

// ByPrincipal counts an authenticated caller by its [principal.Principal.Fingerprint].
func ByPrincipal(rule string, p *principal.Principal) Key {
	return Key{rule: rule, id: p.Fingerprint(), kind: kindIdentity}
}

// ByText counts by text that the caller proved or the operator chose, such as a
// claim's value. The parts are hashed, each with its length.
func ByText(rule string, parts ...string) Key {
	b := make([]byte, 0, 128)
	b = append(b, "text"...) // apart from the fingerprints
	for _, part := range parts {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	k := Key{rule: rule, kind: kindIdentity}
	copy(k.id[:], sum[:])
	return k
}

// Append appends a stable, unambiguous form of k to b, for stores outside this
// process: the kind, 16 bytes, and the rule.
func (k Key) Append(b []byte) []byte {
	b = append(b, '0'+byte(k.kind))
	b = append(b, k.id[:]...)
	return append(b, k.rule...)
}
