package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/idp"
)

// tokens are the bearer tokens of the script, good and bad.
type tokens struct {
	ada, grace, reader                                  string // of customers
	staff, clerk, auditor, trainee, hasty, writer       string // of the staff
	expired, foreign, otherAudience, nowhere, misplaced string // bad ones of the customers' issuer
	idToken, none, confused, otherKey, impostor         string
}

func makeTokens(b *instance) (t tokens, err error) {
	keep := func(s string, e error) string { err = errors.Join(err, e); return s }
	all := []string{"customers:read", "customers:write", "accounts:read", "transfers:write", "documents:write"}
	with := func(key string, value any) string {
		c := b.login.claims(ada.subject, all...)
		c[key] = value
		return keep(b.login.keys.Sign("at+jwt", c))
	}
	t.ada = keep(b.login.issue(ada.subject, all...))
	t.grace = keep(b.login.issue(grace.subject, all...))
	t.reader = keep(b.login.issue(ada.subject, "accounts:read"))

	clerk, staff := []string{"clerk"}, "bank:staff"
	t.staff = keep(b.staff.issueAs("clerk-7", clerk, "mfa", staff, "customers:read", "customers:pii", "accounts:read", "accounts:write"))
	t.clerk = keep(b.staff.issueAs("clerk-7", clerk, "mfa", staff))
	t.auditor = keep(b.staff.issueAs("auditor-1", []string{"auditor"}, "mfa", staff))
	t.trainee = keep(b.staff.issueAs("trainee-1", []string{"trainee"}, "mfa", staff))
	t.hasty = keep(b.staff.issueAs("clerk-8", clerk, "pwd", staff))
	t.writer = keep(b.staff.issueAs("clerk-9", clerk, "mfa", "customers:write"))

	t.expired = with("exp", time.Now().Add(-time.Hour).Unix())
	t.foreign = with("iss", "https://login.evil.example")
	t.otherAudience = with("aud", "https://other.example")
	t.nowhere = with("tenant", "")
	t.misplaced = with("branch", "seven")
	// The customers' issuer calls somebody a clerk, under its own name and under that of the staff's.
	t.impostor = keep(b.login.issueAs("clerk-7", clerk, "mfa", staff))
	t.idToken = keep(b.login.keys.Sign("JWT", b.login.claims(ada.subject, all...)))
	t.none = keep(unsafe(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, b.login.claims(ada.subject, all...)))
	der, e := x509.MarshalPKIXPublicKey(b.login.keys.Public())
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	t.confused = keep(unsafe(jwt.SigningMethodHS256, public, b.login.claims(ada.subject, all...)))
	other, e2 := idp.NewKeys()
	if err = errors.Join(err, e, e2); err == nil {
		t.otherKey = keep(other.Sign("at+jwt", b.login.claims(ada.subject, all...)))
	}
	return t, err
}

// unsafe signs as no issuer should.
func unsafe(method jwt.SigningMethod, key any, claims map[string]any) (string, error) {
	t := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	t.Header["typ"] = "at+jwt"
	return t.SignedString(key)
}
