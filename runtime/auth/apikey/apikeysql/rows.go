package apikeysql

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// queries are the statements of one dialect.
type queries struct{ lookup, byHash, add, revoke, bySubject, list, end string }

const columns = "id, hash_key, hash, subject, name, scopes, roles, not_before, expires, revoked, weak"

var statements = map[Dialect]queries{
	Dollar: {
		lookup:    "SELECT " + columns + " FROM api_keys WHERE id = $1",
		byHash:    "SELECT " + columns + " FROM api_keys WHERE hash = $1",
		add:       "INSERT INTO api_keys (" + columns + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		revoke:    "UPDATE api_keys SET revoked = $1 WHERE id = $2",
		bySubject: "SELECT " + columns + " FROM api_keys WHERE subject = $1 ORDER BY id LIMIT 1000",
		list:      "SELECT " + columns + " FROM api_keys WHERE id > $1 ORDER BY id LIMIT 1000",
		end:       "UPDATE api_keys SET expires = $1 WHERE id = $2 AND expires = $3 AND revoked = 0",
	},
	Question: {
		lookup:    "SELECT " + columns + " FROM api_keys WHERE id = ?",
		byHash:    "SELECT " + columns + " FROM api_keys WHERE hash = ?",
		add:       "INSERT INTO api_keys (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		revoke:    "UPDATE api_keys SET revoked = ? WHERE id = ?",
		bySubject: "SELECT " + columns + " FROM api_keys WHERE subject = ? ORDER BY id LIMIT 1000",
		list:      "SELECT " + columns + " FROM api_keys WHERE id > ? ORDER BY id LIMIT 1000",
		end:       "UPDATE api_keys SET expires = ? WHERE id = ? AND expires = ? AND revoked = 0",
	},
}

// scan reads a row, and refuses one that is no key: somebody else writes into the table.
func (s *Store) scan(row interface{ Scan(...any) error }) (*apikey.Key, error) {
	var (
		k                           apikey.Key
		scopes, roles               string
		notBefore, expires, revoked int64
	)
	if err := row.Scan(&k.ID, &k.HashKey, &k.Hash, &k.Subject, &k.Name, &scopes, &roles, &notBefore, &expires, &revoked, &k.WeakReason); err != nil {
		return nil, err
	}
	for _, list := range []struct {
		text string
		into *[]string
	}{{scopes, &k.Scopes}, {roles, &k.Roles}} {
		if err := json.Unmarshal([]byte(list.text), list.into); err != nil {
			return nil, fmt.Errorf("the scopes or roles of key %q are no JSON array of strings", k.ID)
		}
	}
	k.NotBefore, k.Expires, k.Revoked = moment(notBefore), moment(expires), revoked != 0
	return &k, k.Check()
}

func lists(k *apikey.Key) (scopes, roles string, err error) {
	texts := [2]string{}
	for i, list := range [][]string{k.Scopes, k.Roles} {
		text, err := json.Marshal(append([]string{}, list...)) // [] rather than null
		if err != nil {
			return "", "", err
		}
		texts[i] = string(text)
	}
	return texts[0], texts[1], nil
}

func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// seconds is never later than t: a key must not outlive its expiry by a fraction.
func seconds(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Unix() == 0:
		return -1 // zero means none
	}
	return t.Unix()
}
