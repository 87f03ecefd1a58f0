package apikey

import (
	"errors"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// parseFile reads a key file.
func parseFile(text []byte) (*table, error) {
	keys, err := parseJSON(string(text))
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errors.New("no key")
	}
	return newTable(keys)
}

var (
	fileMembers = wire.NewKeys([]string{"keys"}, nil)
	keyMembers  = wire.NewKeys([]string{"id", "hash-key", "hash", "subject", "name", "scopes", "roles", "not-before", "expires", "revoked", "weak-reason"}, nil)
)

// parseJSON decodes strictly: an unknown or repeated member is an error, for a misspelt "expires" must not make a key eternal.
func parseJSON(text string) ([]Key, error) {
	var (
		d    wire.Decoder
		keys []Key
		seen uint64
	)
	d.Reset(text, wire.Limits{Depth: 4})
	for f := d.Object(fileMembers, wire.Refuse); f >= 0; f = d.Next(fileMembers, f) {
		if d.First(&seen, f) {
			wire.Array(&d, &keys, maxKeys, decodeKey)
		}
	}
	d.Require(seen, 0b1, fileMembers)
	d.End()
	return keys, d.Err()
}

func decodeKey(d *wire.Decoder, k *Key) {
	var seen uint64
	for f := d.Object(keyMembers, wire.Refuse); f >= 0; f = d.Next(keyMembers, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0:
			k.ID = d.String()
		case 1:
			k.HashKey = d.String()
		case 2:
			k.Hash = d.String()
		case 3:
			k.Subject = d.String()
		case 4:
			k.Name = d.String()
		case 5:
			wire.Array(d, &k.Scopes, MaxGrants, wire.DecodeString)
		case 6:
			wire.Array(d, &k.Roles, MaxGrants, wire.DecodeString)
		case 7:
			if k.NotBefore = d.Time(); k.NotBefore.IsZero() {
				d.Refuse("minimum") // the zero time means at once
			}
		case 8:
			if k.Expires = d.Time(); k.Expires.IsZero() {
				d.Refuse("minimum") // the zero time means never
			}
		case 9:
			k.Revoked = d.Bool()
		case 10:
			k.WeakReason = d.String()
		}
	}
	d.Require(seen, 0b1111, keyMembers)
}
