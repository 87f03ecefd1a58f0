package jwt

import (
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/bound"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/principal"
)

// remembered is a verified token. It holds as long as the token and the key set that verified it,
// and is not changed once it is in the cache.
type remembered struct {
	caller *principal.Principal
	proof  remember.Proof // of which token
	set    *keySet        // that verified it
	until  time.Time      // expiry or the end of its age, whichever is first, leeway included
	weight int
	tenant string     // whose token it is, where the issuer has many
	key    *bound.Key // that the caller must hold; nil for a bearer token
	id     string     // jti, and when it was issued, where revocations are asked for
	issued time.Time
}

// holds reports whether what was verified with set is good at now.
func (e *remembered) holds(set *keySet, now time.Time) bool {
	return e.set == set && now.Before(e.until)
}
