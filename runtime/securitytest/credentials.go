package securitytest

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/gen"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Caller is whom a credential names.
type Caller struct {
	Subject string
	Roles   []string
	Claims  map[string]any // by name or JSON pointer; nil takes a claim away
}

func (c Caller) with(claim string, value any) Caller {
	if claim == "sub" || claim == "/sub" {
		if c.Subject, _ = value.(string); c.Subject == "" {
			c.Subject = anybody
		}
		return c
	}
	c.Claims = maps.Clone(c.Claims)
	if c.Claims == nil {
		c.Claims = map[string]any{}
	}
	c.Claims[claim] = value
	return c
}

// Credentials has the keys that the server under attack believes.
type Credentials struct {
	names   []string // of the schemes
	schemes map[string]*issuer
	keys    map[string]*keyring
	asked   map[string]*endpoint
	foreign map[string]*strangers
	provers map[string]*prover
	makers  map[string]maker
	// certificates are those that clients present.
	certificates []*x509.Certificate
}

// A maker makes the credentials of a scheme that no claims can be put into.
type maker interface {
	good(who Caller, scopes []string) fields
	bad(who Caller, scopes []string) []bad
}

func newCredentials(schemes []Scheme) (*Credentials, error) {
	c := &Credentials{schemes: map[string]*issuer{}, keys: map[string]*keyring{}, asked: map[string]*endpoint{}, foreign: map[string]*strangers{}, provers: map[string]*prover{}, makers: map[string]maker{}}
	for _, s := range schemes {
		c.names = append(c.names, s.Name)
		switch {
		case s.JWT != nil:
			m, err := c.prover(s.Name, s.JWT.DPoP)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			i, err := newIssuer(*s.JWT, s.Tenant, m)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.schemes[s.Name] = i
		case s.Key != nil:
			k, err := newKeyring(*s.Key)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.keys[s.Name] = k
		case s.Asked != nil:
			m, err := c.prover(s.Name, s.Asked.DPoP)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.asked[s.Name] = &endpoint{policy: *s.Asked, prover: m, begin: fmt.Sprintf("attack-%d-", len(c.names))}
		case s.Session != "":
			m, err := newBrowsers(s.Session)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.makers[s.Name] = m
		case s.MTLS != nil:
			m, err := newMachines(c, *s.MTLS)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.makers[s.Name] = m
		case s.Basic:
			m, err := newAccounts()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			c.makers[s.Name] = m
		default:
			c.foreign[s.Name] = &strangers{name: s.Name}
		}
	}
	return c, nil
}

// prover makes the prover of a scheme that takes proofs.
func (c *Credentials) prover(scheme string, p *dpop.Policy) (*prover, error) {
	m, err := newProver(scheme, p)
	if m != nil {
		c.provers[scheme] = m
	}
	return m, err
}

// Config is the configuration of a server that is attacked: nothing is logged, and
// nobody meets a rate limit.
func (c *Credentials) Config() runtime.Config {
	return runtime.Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Limiter: unlimited{}}
}

// Keys are the keys of a JWT scheme.
func (c *Credentials) Keys(scheme string) jwt.KeySource { return jwt.Inline(c.schemes[scheme].public) }

// Authenticator stands for one that the document has no policy for.
func (c *Credentials) Authenticator(scheme string) auth.Authenticator { return c.foreign[scheme] }

// MaskKey is a secret for masks of the kind hash.
func (c *Credentials) MaskKey() []byte {
	return []byte("securitytest: a key for masks of the kind hash")
}

// good makes the credentials of an alternative.
func (c *Credentials) good(alt gen.Requirement, who Caller) fields {
	f := fields{}
	for _, need := range alt {
		who := who.by(need)
		switch {
		case c.schemes[need.Scheme] != nil:
			i := c.schemes[need.Scheme]
			f = with(f, i.place(i.token(who, need.Scopes)))
		case c.keys[need.Scheme] != nil:
			k := c.keys[need.Scheme]
			f = with(f, k.place(k.issue(who, need.Scopes, nil)))
		case c.asked[need.Scheme] != nil:
			f = with(f, c.asked[need.Scheme].issue(who, need.Scopes, nil))
		case c.makers[need.Scheme] != nil:
			f = with(f, c.makers[need.Scheme].good(who, need.Scopes))
		default:
			f = with(f, c.foreign[need.Scheme].issue(who, need.Scopes))
		}
	}
	return f
}

// anybody is the subject of a caller of whom nothing else is known.
const anybody = "attack-subject"

// grants are the scopes and roles of a caller whom the document's own list knows, where they may be more than was asked for.
func (c *Credentials) grants(need gen.Need, who Caller) map[string][]string {
	if m, ok := c.makers[need.Scheme].(*machines); ok {
		return m.grants(who.by(need), need.Scopes)
	}
	return nil
}

// carry reports whether credentials of the scheme can hold the caller's claims.
func (c *Credentials) carry(need gen.Need, who Caller) bool {
	if i := c.schemes[need.Scheme]; i != nil && !i.names(who.Subject) {
		return false
	}
	return c.keys[need.Scheme] == nil && c.makers[need.Scheme] == nil || len(who.Claims) == 0
}

// bad is a credential that is wrong in one way.
type bad struct {
	name   string
	fields fields
	blank  bool // it may count as none at all
}

func (c *Credentials) bad(need gen.Need, who Caller) []bad {
	who = who.by(need)
	switch {
	case c.schemes[need.Scheme] != nil:
		return c.schemes[need.Scheme].bad(who, need.Scopes)
	case c.keys[need.Scheme] != nil:
		return c.keys[need.Scheme].bad(who, need.Scopes)
	case c.asked[need.Scheme] != nil:
		return c.asked[need.Scheme].bad(who, need.Scopes)
	case c.makers[need.Scheme] != nil:
		return c.makers[need.Scheme].bad(who, need.Scopes)
	}
	return nil
}

// queryField carries a query parameter to moveQuery.
const queryField = "Attack-Query"

// moveQuery puts what queryField carries into the query.
func moveQuery(r *http.Request) {
	for _, pair := range r.Header[queryField] {
		if r.URL.RawQuery != "" {
			pair = r.URL.RawQuery + "&" + pair
		}
		r.URL.RawQuery = pair
	}
	delete(r.Header, queryField)
}

// strangers authenticates by a field that only this package sends.
type strangers struct {
	name  string
	known []*principal.Principal
}

func (s *strangers) field() string { return http.CanonicalHeaderKey("Attack-" + s.name) }

func (s *strangers) issue(who Caller, scopes []string) fields {
	s.known = append(s.known, &principal.Principal{
		Scheme: s.name, Subject: who.Subject, Scopes: scopes, Roles: who.Roles, Claims: claimsOf(who),
	})
	return fields{s.field(): {strconv.Itoa(len(s.known) - 1)}}
}

// Authenticate implements [auth.Authenticator].
func (s *strangers) Authenticate(r *http.Request) (*principal.Principal, error) {
	values := r.Header[s.field()]
	if len(values) != 1 {
		return nil, auth.ErrMissing
	}
	i, err := strconv.Atoi(values[0])
	if err != nil || i < 0 || i >= len(s.known) {
		return nil, &auth.Refused{Rule: "attack"}
	}
	return s.known[i], nil
}

// unlimited lets everything through.
type unlimited struct{}

func (unlimited) Take(context.Context, limit.Key, limit.Rule, int, time.Time) (limit.Decision, error) {
	return limit.Decision{OK: true, Limit: 1, Remaining: 1}, nil
}

// claimsOf writes claims that may be named by JSON pointers into an object.
func claimsOf(who Caller) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(who.Claims)) {
		value := who.Claims[name]
		steps := []string{name}
		if rest, ok := strings.CutPrefix(name, "/"); ok {
			steps = strings.Split(rest, "/")
			for i := range steps {
				steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(steps[i])
			}
		}
		at := out
		for _, step := range steps[:len(steps)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		if value != nil {
			at[steps[len(steps)-1]] = value
		}
	}
	return out
}
