package basic

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A Policy says how callers authenticate.
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Realm is shown in the challenge, which must have one (RFC 7617, section 2): printable ASCII without quotes and backslashes. Empty means "api".
	Realm string
	// Cache is how long a verdict about a name and a password counts; 0 means 1 minute, a negative value not at all. At most 10 minutes. A password that is changed or a
	// user who is disabled is noticed at once.
	Cache time.Duration
	// TrustedProxies are the networks whose X-Forwarded-Proto is believed.
	TrustedProxies []netip.Prefix
	// Clock replaces time.Now, where the pipeline does not say what time it is.
	Clock func() time.Time
	// Report, if set, is told when the users could not be read again. It must not block.
	Report func(error)
}

// Accounts are what a server authenticates by.
type Accounts struct {
	// Users is required.
	Users Users
	// Memory bounds what all hashes in progress take, in bytes; 0 means 256 MiB, which is 4 hashes of
	// 64 MiB at a time. It must hold the costliest of the users' hashes, whose memory each question
	// takes. 16 times as many wait for their turn, up to 2 seconds; more are refused as unavailable.
	Memory int64
	// DangerouslyAllowPlainLoopback takes passwords without TLS, for development, from and at loopback addresses: from anywhere
	// else they are refused all the same.
	DangerouslyAllowPlainLoopback bool
}

// Authenticator authenticates by HTTP Basic. It is safe for concurrent use.
type Authenticator struct {
	policy   Policy
	accounts Accounts
	table    *principal.Table
	judge    *judge

	mu      sync.RWMutex
	callers map[string]bound // by name
}

type bound struct {
	user   *User
	caller *principal.Principal
}

var (
	_ auth.TimedAuthenticator = (*Authenticator)(nil)
	_ auth.Challenger         = (*Authenticator)(nil)
)

const (
	maxCache      = 10 * time.Minute
	defaultMemory = 256 << 20
)

// New checks the policy and returns an authenticator whose principals are bound to table.
func New(p Policy, accounts Accounts, table *principal.Table) (*Authenticator, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("basic: "+format, args...)) }
	if p.Realm == "" {
		p.Realm = "api"
	}
	if strings.ContainsFunc(p.Realm, func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }) {
		bad("the realm is not printable ASCII without quotes and backslashes")
	}
	if accounts.Memory == 0 {
		accounts.Memory = defaultMemory
	}
	if accounts.Memory < leastMemory<<10 {
		bad("%d bytes do not hold one hash of 64 MiB", accounts.Memory)
	}
	if p.Cache > maxCache {
		bad("a cache of more than %s", maxCache)
	}
	if p.Cache == 0 {
		p.Cache = time.Minute
	}
	if accounts.Users == nil {
		bad("no users")
	}
	if known, ok := accounts.Users.(coster); ok {
		if h := known.Costliest(); h != nil && int64(h.memory)<<10 > accounts.Memory {
			bad("a user's hash asks for %d MiB; Memory holds %d MiB", h.memory>>10, accounts.Memory>>20)
		}
	}
	if table == nil {
		bad("no table of scopes")
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if u, ok := accounts.Users.(interface{ ReportTo(func(error)) }); ok && p.Report != nil {
		u.ReportTo(p.Report)
	}
	return &Authenticator{policy: p, accounts: accounts, table: table, judge: newJudge(accounts.Users, accounts.Memory, p.Cache), callers: map[string]bound{}}, nil
}

// Refusals.
var (
	errRepeated  = &auth.Refused{Rule: "authorization-repeated"}
	errForm      = &auth.Refused{Rule: "basic-malformed"}
	errPlain     = &auth.Refused{Rule: "basic-without-tls"}
	errUnknown   = &auth.Refused{Rule: "basic-unknown-user"}
	errPassword  = &auth.Refused{Rule: "basic-wrong-password"}
	errDisabled  = &auth.Refused{Rule: "basic-disabled"}
	errEnded     = &auth.Refused{Rule: "basic-expired"}
	ruleStore    = "basic-users"
	ruleTooMany  = "basic-hashing"
	maxBasicText = base64.StdEncoding.EncodedLen(MaxName + 1 + MaxPassword)
)

// Authenticate implements [auth.Authenticator].
func (a *Authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	return a.AuthenticateAt(r, a.policy.Clock())
}

// AuthenticateAt implements [auth.TimedAuthenticator].
func (a *Authenticator) AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error) {
	name, password, err := find(r)
	if err != nil {
		return nil, err
	}
	if !a.private(r) {
		return nil, errPlain
	}
	u, ok, err := a.accounts.Users.Lookup(r.Context(), name)
	if err != nil {
		return nil, &auth.Unavailable{Rule: ruleStore, Err: err, Unverified: true}
	}
	if !ok || u == nil || u.Name != name || u.Hash == nil {
		u = nil
	}
	good, err := a.judge.verify(r.Context(), u, name, password, now)
	switch {
	case err != nil:
		return nil, &auth.Unavailable{Rule: ruleTooMany, Err: err, Unverified: true}
	case u == nil:
		return nil, errUnknown
	case !good:
		return nil, errPassword
	case u.Disabled: // only who knows the password takes this way
		return nil, errDisabled
	case !u.Expires.IsZero() && !now.Before(u.Expires):
		return nil, errEnded
	}
	return a.caller(u), nil
}

// find returns the name and password of the request's one Authorization field with the Basic scheme.
func find(r *http.Request) (name, password string, err error) {
	values := r.Header["Authorization"]
	switch len(values) {
	case 0:
		return "", "", auth.ErrMissing
	case 1:
	default:
		return "", "", errRepeated
	}
	scheme, rest, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", auth.ErrMissing
	}
	rest = strings.TrimLeft(rest, " ")
	if rest == "" || len(rest) > maxBasicText || strings.ContainsAny(rest, "\r\n") {
		return "", "", errForm
	}
	text, err := base64.StdEncoding.Strict().DecodeString(rest)
	if err != nil {
		return "", "", errForm
	}
	name, password, ok := strings.Cut(string(text), ":")
	if !ok || !isName(name) || !isPassword(password) {
		return "", "", errForm
	}
	return name, password, nil
}

// private reports whether the credential came over TLS: to this server, or to a proxy that is trusted to say so.
func (a *Authenticator) private(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr := peer.Addr().Unmap().WithZone("")
	for _, p := range a.policy.TrustedProxies {
		if p.Contains(addr) {
			proto := r.Header["X-Forwarded-Proto"]
			return len(proto) == 1 && strings.EqualFold(proto[0], "https")
		}
	}
	return a.accounts.DangerouslyAllowPlainLoopback && addr.IsLoopback() && isLocal(r)
}

// isLocal reports whether the request was made to a loopback address, and not handed on by a proxy on the same machine.
func isLocal(r *http.Request) bool {
	if r.Header["X-Forwarded-For"] != nil || r.Header["X-Forwarded-Proto"] != nil || r.Header["Forwarded"] != nil || r.Header["Via"] != nil {
		return false
	}
	if h, err := netip.ParseAddrPort(r.Host); err == nil {
		return h.Addr().Unmap().IsLoopback()
	}
	if h, err := netip.ParseAddr(strings.Trim(r.Host, "[]")); err == nil {
		return h.Unmap().IsLoopback()
	}
	name, _, _ := strings.Cut(r.Host, ":")
	return strings.EqualFold(name, "localhost")
}

// Challenge implements [auth.Challenger] (RFC 7617, sections 2 and 2.1). Basic has no word for missing scopes.
func (a *Authenticator) Challenge(missing []string) string {
	if missing != nil {
		return ""
	}
	return `Basic realm="` + a.policy.Realm + `", charset="UTF-8"`
}

// caller returns the bound principal of u, made once.
func (a *Authenticator) caller(u *User) *principal.Principal {
	a.mu.RLock()
	known := a.callers[u.Name]
	a.mu.RUnlock()
	if known.user == u {
		return known.caller
	}
	p := &principal.Principal{Subject: u.Subject, Scheme: a.policy.Scheme, Scopes: u.Scopes, Roles: u.Roles, Expires: u.Expires}
	if p.Subject == "" {
		p.Subject = u.Name
	}
	p.Bind(a.table)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.callers) >= maxUsers {
		clear(a.callers)
	}
	a.callers[u.Name] = bound{u, p}
	return p
}

// Describe implements [auth.Describer].
func (a *Authenticator) Describe() any { return a.policy }
