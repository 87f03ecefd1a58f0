package jwt

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

// A KeySource says where the keys come from: [File], [JWKS], [Discovery], [Inline], or a [FileSource],
// [RemoteSource] or [DiscoverySource] with other bounds than the default. A source is a description;
// what reads it is made by [New].
type KeySource interface {
	open(o opening) (ring, error)
}

// An opening is what a source needs to know of the policy.
type opening struct {
	issuer     string
	svid       bool // the keys are those of a SPIFFE bundle
	algorithms []*algorithm
	clock      func() time.Time
	report     func(error)
	keep       time.Duration // where the source does not say how long
	relaxed    *[]string     // the rules of what the source weakens
}

func (o *opening) mac() bool { return o.algorithms[0].family == familyMAC }

// A ring holds the keys in force.
type ring interface {
	// current returns the keys to use at now, or why there are none.
	current(now time.Time) (*keySet, error)
	// missing says that a token named a key that the current set does not have. It returns the set
	// that judges the token, and which may have the key (has). An error says that the keys could not
	// be asked for since the token came.
	missing(ctx context.Context, token remember.Mark, has func(*keySet) bool) (*keySet, error)
	close()
}

// Inline takes keys as text: public keys and certificates in PEM, or a JWKS.
// MAC keys come as JWKS of kty oct, and only under a policy of HS* algorithms. Any key that
// cannot be used makes [New] fail.
func Inline(text string) KeySource { return inline(text) }

type inline string

func (text inline) open(o opening) (ring, error) {
	set, err := parseKeys([]byte(text), o.algorithms, o.svid)
	if err != nil {
		return nil, fmt.Errorf("jwt: inline keys: %w", err)
	}
	return fixed{set}, nil
}

// fixed is a ring that never changes.
type fixed struct{ set *keySet }

func (f fixed) current(time.Time) (*keySet, error) { return f.set, nil }
func (f fixed) missing(context.Context, remember.Mark, func(*keySet) bool) (*keySet, error) {
	return f.set, nil
}
func (f fixed) close() {}

// unique refuses two keys that one token could mean.
func (s *keySet) unique() error {
	seen := make(map[string]bool)
	for _, k := range s.keys {
		if k.id != "" && seen[k.id] {
			return fmt.Errorf("two keys with the kid %q", k.id)
		}
		seen[k.id] = true
	}
	return nil
}

// kept holds the last good key set, and forgets it when it has not been confirmed for too long.
type kept struct {
	set  atomic.Pointer[keySet]
	good atomic.Int64 // when it was last confirmed, Unix nanoseconds
	keep time.Duration
}

var (
	errNoKeys    = &auth.Unavailable{Rule: "keys-not-yet-had"}
	errStaleKeys = &auth.Unavailable{Rule: "keys-too-old"}
)

func (k *kept) current(now time.Time) (*keySet, error) {
	set := k.set.Load()
	if set == nil {
		return nil, errNoKeys
	}
	if now.UnixNano()-k.good.Load() > int64(k.keep) {
		return nil, errStaleKeys
	}
	return set, nil
}

// confirm stores set as good at now. The same text keeps the old set, and with it the
// tokens that were verified with it.
func (k *kept) confirm(set *keySet, now time.Time) {
	if old := k.set.Load(); old == nil || old.digest != set.digest {
		k.set.Store(set)
	}
	k.good.Store(now.UnixNano())
}
