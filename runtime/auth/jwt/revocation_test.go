package jwt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
)

// storeFunc is a store that asks a function.
type storeFunc func(context.Context, TokenID) (bool, error)

func (f storeFunc) Revoked(ctx context.Context, t TokenID) (bool, error) { return f(ctx, t) }

func revocable(t testing.TB, store Revocations) *Authenticator {
	t.Helper()
	p := policy()
	p.Revocations = store
	return open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
}

func jtiToken(id string, change map[string]any) string {
	claims := map[string]any{"jti": id}
	for k, v := range change {
		claims[k] = v
	}
	return sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(claims))
}

func memory(t testing.TB, entries int) *RevocationMemory {
	t.Helper()
	m, err := NewRevocationMemory(entries, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const issuerURL = "https://issuer.example"

// TestRevoked ends tokens that are remembered, and ones that are seen for the first time.
func TestRevoked(t *testing.T) {
	m := memory(t, 0)
	a := revocable(t, m)
	until := noon.Add(time.Hour)
	good := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	one, two, bob := jtiToken("1", nil), jtiToken("2", nil), jtiToken("3", map[string]any{"sub": "bob"})
	fresh := jtiToken("4", map[string]any{"iat": noon.Unix() + 1})
	for _, token := range []string{one, two, bob, fresh} {
		wantRule(t, a, token, "")
	}
	good(m.Revoke(issuerURL, "1", until))
	wantRule(t, a, one, "jwt-revoked") // a remembered one
	wantRule(t, a, one, "jwt-revoked")
	wantRule(t, a, jtiToken("1", map[string]any{"sub": "bob"}), "jwt-revoked") // one that was never seen
	wantRule(t, a, two, "")
	good(m.Revoke("https://other.example", "2", until)) // another issuer's
	good(m.RevokeSubject("https://other.example", "alice", noon, until))
	good(m.RevokeSubject(issuerURL, "ALICE", noon, until))
	good(m.Revoke(issuerURL, "alice", until)) // a subject is no ID, and the other way round
	good(m.RevokeSubject(issuerURL, "2", noon, until))
	wantRule(t, a, two, "")
	good(m.RevokeSubject(issuerURL, "alice", noon.Add(-time.Nanosecond), until))
	wantRule(t, a, two, "")
	good(m.RevokeSubject(issuerURL, "alice", noon, until))
	wantRule(t, a, two, "jwt-revoked")
	wantRule(t, a, bob, "")
	wantRule(t, a, fresh, "") // who logs in again is let in
	good(m.RevokeSubject(issuerURL, "alice", noon.Add(-time.Hour), until.Add(time.Hour)))
	wantRule(t, a, two, "jwt-revoked") // an earlier time takes nothing back
}

// TestRevocableTokens holds that a token which nobody could revoke is no good.
func TestRevocableTokens(t *testing.T) {
	a := revocable(t, memory(t, 0))
	for name, tt := range map[string]struct {
		change map[string]any
		rule   string
	}{
		"good":         {nil, ""},
		"no jti":       {map[string]any{"jti": nil}, "jwt-claim-missing"},
		"empty jti":    {map[string]any{"jti": ""}, "jwt-claim-missing"},
		"jti number":   {map[string]any{"jti": 1}, "jwt-claims"},
		"jti null":     {map[string]any{"jti": []any{nil}}, "jwt-claims"},
		"jti list":     {map[string]any{"jti": []string{"1"}}, "jwt-claims"},
		"jti too long": {map[string]any{"jti": strings.Repeat("x", 257)}, "jwt-claims"},
		"JTI":          {map[string]any{"jti": nil, "JTI": "1"}, "jwt-claim-missing"},
		"no iat":       {map[string]any{"iat": nil}, "jwt-claim-missing"},
		"iat text":     {map[string]any{"iat": "1"}, "jwt-claims"},
	} {
		t.Run(name, func(t *testing.T) { wantRule(t, a, jtiToken("1", tt.change), tt.rule) })
	}
	wantRule(t, rsaAuthenticator(t), jtiToken("1", map[string]any{"jti": nil, "iat": nil}), "") // without a store, both may be absent
}

// TestRevocationStoreFails holds that who cannot say lets nobody in, and is not asked about bad tokens.
func TestRevocationStoreFails(t *testing.T) {
	var asked []TokenID
	fail := errors.New("10.0.0.1 is down")
	var answer error
	a := revocable(t, storeFunc(func(ctx context.Context, id TokenID) (bool, error) {
		if _, ok := ctx.Deadline(); !ok {
			t.Error("a question without end")
		}
		asked = append(asked, id)
		return false, answer
	}))
	token := jtiToken("1", nil)
	wantRule(t, a, token, "")
	want := TokenID{Issuer: issuerURL, Subject: "alice", ID: "1", IssuedAt: noon}
	if len(asked) != 1 || !asked[0].IssuedAt.Equal(noon) || asked[0].ID != want.ID || asked[0].Subject != want.Subject || asked[0].Issuer != want.Issuer {
		t.Errorf("asked %+v, want %+v", asked, want)
	}
	answer = fail
	_, err := a.Verify(token) // remembered
	var unavailable *auth.Unavailable
	if !errors.As(err, &unavailable) || unavailable.Rule != "revocation-store" || !errors.Is(err, fail) || strings.Contains(err.Error(), "10.0.0.1") {
		t.Errorf("err = %v", err)
	}
	wantUnavailable(t, a, jtiToken("2", nil))
	asked = nil
	wantRule(t, a, jtiToken("1", map[string]any{"aud": "x"}), "jwt-audience")
	wantRule(t, a, token[:len(token)-2], "jwt-signature")
	if len(asked) > 0 {
		t.Errorf("asked about a bad token: %+v", asked)
	}
}

// TestRevocationStoreHangs holds that a store has its time and no more.
func TestRevocationStoreHangs(t *testing.T) {
	p := policy()
	p.RevocationTimeout = 20 * time.Millisecond
	p.Revocations = storeFunc(func(ctx context.Context, _ TokenID) (bool, error) { <-ctx.Done(); return false, ctx.Err() })
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	started := time.Now()
	wantUnavailable(t, a, jtiToken("1", nil))
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestRevocationPolicy(t *testing.T) {
	for name, change := range map[string]func(*Policy){
		"no memory":         func(p *Policy) { p.Revocations = (*RevocationMemory)(nil) },
		"negative time-out": func(p *Policy) { p.RevocationTimeout = -1 },
	} {
		p := policy()
		change(&p)
		if a, err := New(p, Inline(pemOf(&rsaKey().PublicKey)), scopes); a != nil || err == nil {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	for _, n := range []int{-1, maxRevocations + 1} {
		if m, err := NewRevocationMemory(n, nil); m != nil || err == nil {
			t.Errorf("%d revocations: err = %v", n, err)
		}
	}
}

// TestRevocationMemoryIsBounded fills the memory: it refuses, and forgets nothing that counts.
func TestRevocationMemoryIsBounded(t *testing.T) {
	c := &clock{now: noon}
	m := must(NewRevocationMemory(4, c.time))
	id := func(i int) TokenID {
		return TokenID{Issuer: issuerURL, Subject: "alice", ID: fmt.Sprint(i), IssuedAt: noon}
	}
	revoke := func(i int, until time.Duration) error { return m.Revoke(issuerURL, fmt.Sprint(i), noon.Add(until)) }
	for i := range 3 {
		if err := revoke(i, time.Duration(i+1)*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 { // the same again needs no room
		if err := revoke(0, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.RevokeSubject(issuerURL, "bob", noon, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := m.RevokeSubject(issuerURL, "bob", noon.Add(time.Second), noon.Add(time.Hour)); err != nil {
		t.Errorf("a later time needs no room: %v", err)
	}
	if err := revoke(9, time.Hour); !errors.Is(err, errRevocationsFull) {
		t.Errorf("err = %v, want a full memory", err)
	}
	if err := m.RevokeSubject(issuerURL, "carol", noon, noon.Add(time.Hour)); !errors.Is(err, errRevocationsFull) {
		t.Errorf("err = %v, want a full memory", err)
	}
	for i := range 3 {
		if !m.revoked(id(i)) {
			t.Errorf("%d is forgotten", i)
		}
	}
	c.add(time.Minute + 1) // the first has ended
	if err := revoke(9, time.Hour); err != nil || m.revoked(id(0)) || !m.revoked(id(1)) || !m.revoked(id(9)) || m.Len() != 4 {
		t.Errorf("err = %v, %d revocations", err, m.Len())
	}
	for _, bad := range []error{
		m.Revoke("", "1", noon.Add(time.Hour)), m.Revoke(issuerURL, "", noon.Add(time.Hour)), m.Revoke(issuerURL, strings.Repeat("x", maxRevokedName+1), noon.Add(time.Hour)),
		m.RevokeSubject(issuerURL, "", noon, noon.Add(time.Hour)), m.Revoke(issuerURL, "new", noon), m.RevokeSubject(issuerURL, "new", noon, noon),
	} {
		if bad == nil {
			t.Error("accepted what it cannot hold")
		}
	}
	c.add(24 * time.Hour)
	if err := m.Revoke(issuerURL, "last", c.time().Add(time.Minute)); err != nil || m.Len() != 1 || len(m.ends) != 1 {
		t.Errorf("err = %v, %d revocations and %d ends, want 1", err, m.Len(), len(m.ends))
	}
}

// TestRevokedForLonger extends a revocation: its first end must not forget it.
func TestRevokedForLonger(t *testing.T) {
	c := &clock{now: noon}
	m := must(NewRevocationMemory(10, c.time))
	for _, minutes := range []time.Duration{1, 5} {
		if err := errors.Join(
			m.Revoke(issuerURL, "1", noon.Add(minutes*time.Minute)), m.RevokeSubject(issuerURL, "bob", noon, noon.Add(minutes*time.Minute)),
		); err != nil {
			t.Fatal(err)
		}
	}
	c.add(2 * time.Minute)
	if err := m.Revoke(issuerURL, "2", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if !m.revoked(TokenID{Issuer: issuerURL, ID: "1"}) || !m.revoked(TokenID{Issuer: issuerURL, Subject: "bob", IssuedAt: noon}) {
		t.Error("forgotten at its first end")
	}
}

func TestRevocationMemoryRaces(t *testing.T) {
	m := memory(t, 1000)
	a := revocable(t, m)
	token := jtiToken("1", nil)
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 200 {
				_ = m.Revoke(issuerURL, fmt.Sprint(g, "-", i), noon.Add(time.Hour))
				wantRule(t, a, token, "")
			}
		})
	}
	group.Wait()
	if m.Len() != 800 {
		t.Errorf("%d revocations", m.Len())
	}
}

func TestRevocableHitDoesNotAllocate(t *testing.T) {
	m := memory(t, 0)
	a := revocable(t, m)
	if err := m.Revoke(issuerURL, "2", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	r := request(jtiToken("1", nil))
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.Authenticate(r); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
