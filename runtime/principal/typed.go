package principal

import (
	"encoding/json"
	"slices"
	"strconv"
)

// TextClaim returns a claim that is a string, also an empty one; names are those of
// [Principal.Claim].
func (p *Principal) TextClaim(name string) (string, bool) {
	if p == nil {
		return "", false
	}
	return p.scalar(name)
}

// IntClaim returns a claim that is an integer of 64 bits.
func (p *Principal) IntClaim(name string) (int64, bool) {
	if p == nil {
		return 0, false
	}
	switch v := p.find(name).(type) {
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	case int:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// BoolClaim returns a claim that is true or false.
func (p *Principal) BoolClaim(name string) (value, ok bool) {
	if p == nil {
		return false, false
	}
	value, ok = p.find(name).(bool)
	return value, ok
}

// ListClaim returns a claim that is a list of at most 1024 strings, also an empty one.
func (p *Principal) ListClaim(name string) ([]string, bool) {
	if p == nil {
		return nil, false
	}
	switch v := p.find(name).(type) {
	case []string:
		return slices.Clone(v), len(v) <= maxClaimValues
	case []any:
		list := stringsOf(v)
		return list, list != nil
	}
	return nil, false
}
