package jwt_test

import (
	"context"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/revocationtest"
)

func TestRevocationMemoryConforms(t *testing.T) {
	revocationtest.Run(t, func(t *testing.T) revocationtest.Store {
		m, err := jwt.NewRevocationMemory(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		return revocationtest.Store{
			Revocations: m,
			Revoke:      func(_ context.Context, issuer, id string, until time.Time) error { return m.Revoke(issuer, id, until) },
			RevokeSubject: func(_ context.Context, issuer, subject string, upTo, until time.Time) error {
				return m.RevokeSubject(issuer, subject, upTo, until)
			},
		}
	})
}
