package policy

import (
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Session is x-bailey-session.
type Session struct {
	Pos            diag.Pos
	Idle, Absolute time.Duration // 0: the runtime's default
	Strict         bool
}

const (
	leastIdle, mostIdle, mostAbsolute = time.Minute, 24 * time.Hour, 30 * 24 * time.Hour
	defaultIdle                       = 30 * time.Minute // the runtime's

	hostPrefix = "__Host-"
)

func sessionKey() key {
	return key{
		name: "session", on: onScheme, read: readSession,
		says: "cookie sessions: how long they last",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"properties": {
		"idle": {"$ref": "#/$defs/duration", "description": "ends one that was not used for so long: 1m to 24h; 30m unless written"},
		"absolute": {"$ref": "#/$defs/duration", "description": "ends one however much it is used: no shorter than idle, at most 30d; 12h unless written"},
		"same-site": {"enum": ["lax", "strict"], "description": "strict: not sent when a link elsewhere is followed; lax unless written"}
	}
}`,
	}
}

func readSession(r *reader, n *load.Node) any {
	const what = "x-bailey-session"
	before := len(r.diags)
	if !r.members(n, what, "idle", "absolute", "same-site") {
		return nil
	}
	s := &Session{Pos: n.KeyPos()}
	idle := defaultIdle
	if v := n.Get("idle"); v != nil {
		if d, ok := r.duration(v, what+".idle", leastIdle, mostIdle); ok {
			s.Idle, idle = d, d
		}
	}
	if v := n.Get("absolute"); v != nil {
		s.Absolute, _ = r.duration(v, what+".absolute", idle, mostAbsolute)
	}
	if v := n.Get("same-site"); v != nil {
		site, _ := r.choice(v, what+".same-site", "lax", "strict")
		s.Strict = site == "strict"
	}
	if len(r.diags) > before {
		return nil
	}
	return s
}

// checkSession checks that the scheme's cookie is one that no other host and no plain connection can set.
func (r *reader) checkSession(s *Scheme, n *load.Node) {
	v := n.Get(prefix + "session")
	if v == nil || s.Type != "apiKey" || s.In != "cookie" {
		return // elsewhere it means nothing, which is reported
	}
	if n.Get(prefix+"api-key") != nil {
		r.fail(v.KeyPos(), rules.PolicyValue, "x-bailey-session stands beside x-bailey-api-key", "a cookie is judged in one way: leave one out")
	}
	rest, ok := strings.CutPrefix(s.Param, hostPrefix)
	if !ok || rest == "" || len(s.Param) > 64 || strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		r.wrongMember(n, "name", "the cookie of a session", hostPrefix+"NAME, so that browsers take it from this host alone and over TLS, in at most 64 letters, digits and . _ -")
	}
}
