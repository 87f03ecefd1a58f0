package apikey

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/wire"
)

// parseFile reads either form of a key file.
func parseFile(text string) (table, error) {
	var (
		keys []Key
		err  error
	)
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		keys, err = parseJSON(text)
	} else {
		keys, err = parseLines(text)
	}
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
	keyMembers  = wire.NewKeys([]string{"id", "hash", "subject", "scopes", "roles", "expires"}, nil)
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
			wire.Array(&d, &keys, -1, decodeKey)
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
			k.Hash = d.String()
		case 2:
			k.Subject = d.String()
		case 3:
			wire.Array(d, &k.Scopes, -1, wire.DecodeString)
		case 4:
			wire.Array(d, &k.Roles, -1, wire.DecodeString)
		case 5:
			if k.Expires = d.Time(); k.Expires.IsZero() {
				d.Refuse("minimum") // the zero time means never
			}
		}
	}
	d.Require(seen, 0b111, keyMembers)
}

// parseLines reads the simple form. Errors name the line, never what is in it.
func parseLines(text string) ([]Key, error) {
	var (
		keys []Key
		errs []error
		n    int
	)
	for line := range strings.Lines(text) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 3 || len(fields) > 5 {
			errs = append(errs, fmt.Errorf("line %d: it takes 3 to 5 fields: id, hash, subject, scopes, expiry", n))
			continue
		}
		k := Key{ID: fields[0], Hash: fields[1], Subject: fields[2]}
		if len(fields) > 3 && fields[3] != "-" {
			k.Scopes = strings.Split(fields[3], ",")
		}
		if len(fields) > 4 {
			t, err := time.Parse(time.RFC3339, fields[4])
			if err != nil || t.IsZero() {
				errs = append(errs, fmt.Errorf("line %d: the expiry is not a time of RFC 3339", n))
				continue
			}
			k.Expires = t
		}
		keys = append(keys, k)
	}
	return keys, errors.Join(errs...)
}
