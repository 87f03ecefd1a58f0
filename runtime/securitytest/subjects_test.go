package securitytest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/principal"
)

// TestFindsTwoSubjects: a server that serves a token of one subject beside a credential of another
// does not pass, and one that compares them does.
func TestFindsTwoSubjects(t *testing.T) {
	op := gen.Operation{
		ID: "pair", Method: "GET", Path: "/pair",
		Access: gen.Require(gen.Requirement{{Scheme: "token"}, {Scheme: "other"}}),
	}
	for _, client := range []bool{false, true} {
		c, err := newCredentials(all)
		if err != nil {
			t.Fatal(err)
		}
		served := op
		served.Access = gen.Require(gen.Requirement{{Scheme: "token"}, {Scheme: "other", Client: client}})
		b := gen.New(gen.Setup{Title: "test", Config: c.Config()})
		b.Scheme("token", func(t *principal.Table) (auth.Authenticator, error) { return jwt.New(token, c.Keys("token"), t) })
		b.Scheme("other", func(*principal.Table) (auth.Authenticator, error) { return c.Authenticator("other"), nil })
		gen.Mount(b, &served, gen.Steps[*request, gen.Empty]{
			New: func(*gen.Call) *request { return new(request) },
			Params: func(c *gen.Call, _ *request) {
				for p := c.Params(); p.NextQuery(); {
					p.Unknown(c.Unknown())
				}
			},
			Call:   gen.NoResult(func(context.Context, *request) error { return runtime.ErrNotImplemented }),
			Encode: func(c *gen.Call, _ gen.Empty) { c.ReplyEmpty(204) },
		})
		server, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		found := &notes{}
		a := attacker{t: found, server: server, credentials: c, op: Operation{Operation: &op, Target: "/pair", Complete: true}, tally: &tally{}}
		a.attack()
		if has := slices.ContainsFunc(found.errors, func(s string) bool { return strings.Contains(s, "another caller's credential") }); has != client || !client && len(found.errors) > 0 {
			t.Errorf("a server that compares subjects: %v; found %q", !client, found.errors)
		}
	}
}
