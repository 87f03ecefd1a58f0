// Package principal says who is calling: the identity that an authenticator
// proved, its scopes and roles, and the claims that policies may compare.
//
// A Principal is shared: the same value stands for every request that presents the
// same verified credential. The authenticator that makes it is the last to change it;
// after [Principal.Bind] all its methods are safe for concurrent use. Handlers and
// authorisers are given a [Caller], which cannot change it.
package principal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxClaimValues bounds how many values a list claim may hold before it is treated as
// unusable.
const maxClaimValues = 1024

// A Principal is an authenticated caller.
//
// The zero value is nobody: it holds no scope, no role and no claim.
type Principal struct {
	// Subject names the caller; unique within Issuer.
	Subject string
	// Issuer names who vouches for the subject: a token's iss, empty for API keys.
	Issuer string
	// Scheme is the security scheme that authenticated the caller.
	Scheme string
	// Scopes are what the caller was granted.
	Scopes []string
	// Roles are what the caller is.
	Roles []string
	// Tenant is whom the caller belongs to, where the scheme's policy has a claim for it.
	Tenant string
	// Claims are the credential's decoded members. It never holds the credential.
	Claims map[string]any
	// Expires is when the credential ends; zero means that it does not. The pipeline refuses the
	// principal from then on. Where the authenticator tolerates a difference between its issuer's
	// clock and this machine's, that is included: a token's exp plus its policy's leeway.
	Expires time.Time

	table *Table
	set   Set
	id    [16]byte
}

// Bind compiles the principal's scopes and roles to the bits of t and computes its
// fingerprint, so that later requests pay neither. Authenticators call it
// once, before they share p. On a principal that is bound already it does nothing,
// whatever t is: the value may be in use elsewhere.
func (p *Principal) Bind(t *Table) {
	if p.table != nil || t == nil {
		return
	}
	p.set = t.held(p.Scopes, p.Roles)
	p.id = p.fingerprint()
	p.table = t
}

// Set reports what of t's scopes and roles p holds. It does not allocate for the
// table that p is bound to, nor for any table of at most 64 names.
func (p *Principal) Set(t *Table) Set {
	switch {
	case p == nil || t == nil:
		return Set{}
	case p.table == t:
		return p.set
	}
	return t.held(p.Scopes, p.Roles)
}

// Scope and Role are names of scopes and roles: generated packages have a constant for each
// that the document names.
type (
	Scope string
	Role  string
)

// HasRole reports whether p has the role, compared byte by byte.
func (p *Principal) HasRole(role Role) bool {
	return p != nil && slices.Contains(p.Roles, string(role))
}

// HasScope reports whether p was granted the scope, compared byte by byte.
func (p *Principal) HasScope(scope Scope) bool {
	return p != nil && slices.Contains(p.Scopes, string(scope))
}

// HasClaim reports whether value is one of the claim's values as [Principal.AnyClaim] has
// them, without allocating. The empty string matches nothing: an absent parameter must never
// equal an absent claim.
func (p *Principal) HasClaim(name, value string) bool {
	return value != "" && p.AnyClaim(name, func(claim string) bool { return claim == value })
}

// AnyClaim reports whether ok holds for a value of the claim: a string, an integer in
// decimal digits, or a list of at most 1024 of these. A name that begins with "/" is a JSON
// pointer (RFC 6901) through objects: "/realm/id". "sub" and "iss" are always Subject and Issuer.
// What cannot be compared, matches nothing: an absent claim, null, an object, a fraction, a list
// with one of them in it or with too many values, and the empty string are never given to ok.
// It does not allocate for what tokens hold.
func (p *Principal) AnyClaim(name string, ok func(value string) bool) bool {
	if p == nil {
		return false
	}
	if s, found := p.scalar(name); found {
		return s != "" && ok(s)
	}
	switch v := p.find(name).(type) {
	case []string:
		return len(v) <= maxClaimValues && !slices.Contains(v, "") && slices.ContainsFunc(v, ok)
	case []any:
		if len(v) > maxClaimValues {
			return false
		}
		found := false
		for _, item := range v {
			s, is := plain(item)
			if !is {
				return false
			}
			found = found || ok(s)
		}
		return found
	case any:
		s, is := plain(v)
		return is && ok(s)
	}
	return false
}

// ClaimIsList reports whether the claim is a list, of whatever.
func (p *Principal) ClaimIsList(name string) bool {
	if p == nil {
		return false
	}
	if _, ok := p.scalar(name); ok {
		return false
	}
	switch p.find(name).(type) {
	case []string, []any:
		return true
	}
	return false
}

// plain is the text of a string that is not empty, or of an integer: as tokens have it, or
// as authenticators of somebody else's may.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, v != ""
	case json.Number:
		return string(v), isInteger(string(v))
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64: // of encoding/json: exact up to 2^53
		if n := int64(v); v >= -1<<53 && v <= 1<<53 && float64(n) == v {
			return strconv.FormatInt(n, 10), true
		}
	}
	return "", false
}

// isInteger reports whether a JSON number is written as one: "12", not "12.0" or "1e3".
func isInteger(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || s == "-0" || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// scalar returns a claim that is one string.
func (p *Principal) scalar(name string) (string, bool) {
	switch name {
	case "sub", "/sub":
		return p.Subject, true
	case "iss", "/iss":
		return p.Issuer, true
	}
	s, ok := p.find(name).(string)
	return s, ok
}

// find returns a claim by its name, or, where the name begins with "/", by JSON pointer
// (RFC 6901) through objects; nil if it is not there.
func (p *Principal) find(name string) any {
	rest, ok := strings.CutPrefix(name, "/")
	if !ok {
		return p.Claims[name]
	}
	var v any = p.Claims
	for more := true; more; {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		var step string
		step, rest, more = strings.Cut(rest, "/")
		if strings.IndexByte(step, '~') >= 0 {
			step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		}
		v = object[step]
	}
	return v
}

// Fingerprint identifies the caller in fixed size: the first 128 bits of SHA-256
// over scheme, issuer and subject, each with its length before it, so that no
// two callers share one by shifting text between the parts. It is stable across
// processes and releases, and is what rate limits count by. It does not
// allocate once p is bound.
func (p *Principal) Fingerprint() [16]byte {
	if p.table != nil {
		return p.id
	}
	return p.fingerprint()
}

func (p *Principal) fingerprint() (id [16]byte) {
	b := make([]byte, 0, 128)
	for _, part := range [...]string{p.Scheme, p.Issuer, p.Subject} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	copy(id[:], sum[:])
	return id
}

// Expired reports whether the credential has ended at now.
func (p *Principal) Expired(now time.Time) bool {
	return !p.Expires.IsZero() && !now.Before(p.Expires)
}

// String names the caller without its claims, so that printing a principal leaks
// nothing that the token's issuer put there.
func (p Principal) String() string {
	return p.Scheme + ":" + p.Issuer + ":" + p.Subject
}

// GoString is [Principal.String], for %#v.
func (p Principal) GoString() string { return "principal.Principal{" + p.String() + "}" }

// Format prints [Principal.String] for each verb: %d, for one, would print the claims.
func (p Principal) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		_, _ = io.WriteString(f, p.GoString())
		return
	}
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), p.String())
}

// LogValue logs who, never the claims.
func (p Principal) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("scheme", p.Scheme),
		slog.String("issuer", p.Issuer),
		slog.String("subject", p.Subject),
	)
}
