package policy

import (
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Basic is x-bailey-basic.
type Basic struct {
	Pos       diag.Pos
	Realm     string        // or ""
	Cache     time.Duration // negative: none; 0: nothing is written
	UsersFile string        // or ""
}

func basicKey() key {
	return key{
		name: "basic", on: onScheme, read: readBasic,
		says: "HTTP Basic over TLS, with argon2id hashes",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"properties": {
		"realm": {"type": "string", "pattern": "^[ !#-\\[\\]-~]{1,100}$", "description": "what browsers show; api unless written"},
		"cache": {"$ref": "#/$defs/duration", "description": "how long a verdict about a name and a password counts, at most 10m; 1m unless written, 0s is not at all"},
		"users-file": {"$ref": "#/$defs/text", "description": "a file of users and hashes"}
	}
}`,
	}
}

func readBasic(r *reader, n *load.Node) any {
	const what = "x-bailey-basic"
	before := len(r.diags)
	if !r.members(n, what, "realm", "cache", "users-file") {
		return nil
	}
	b := &Basic{Pos: n.KeyPos(), UsersFile: r.textAt(n, what, "users-file"), Cache: r.spanAt(n, what, "cache", 10*time.Minute)}
	if v := n.Get("realm"); v != nil {
		b.Realm, _ = r.text(v, what+".realm", 100)
		if strings.ContainsFunc(b.Realm, func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }) {
			r.wrong(v, what+".realm", "printable ASCII without quotes and backslashes")
		}
	}
	if strings.ContainsRune(b.UsersFile, 0) {
		r.wrongMember(n, "users-file", what+".users-file", "a path")
	}
	if len(r.diags) > before {
		return nil
	}
	return b
}
