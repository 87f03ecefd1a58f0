package securitytest

import (
	"context"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// Revoked is the store of revoked tokens of servers under attack: it knows one.
var Revoked jwt.Revocations = revoked{}

// revokedID is the jti of the token that is revoked.
const revokedID = "attack-revoked"

type revoked struct{}

func (revoked) Revoked(_ context.Context, t jwt.TokenID) (bool, error) { return t.ID == revokedID, nil }
