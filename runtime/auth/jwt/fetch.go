package jwt

import (
	"context"
	"errors"
	"net/http"

	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// A fetcher reads what an issuer publishes. Its requests end with their context.
type fetcher struct{ client *http.Client }

// get returns the body at an address that was checked, of at most limit bytes. Any
// other status than 200 is an error.
func (f fetcher) get(ctx context.Context, address, accept string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	return outbound.Read(f.client, req, limit)
}

// keys fetches a JWK set.
func (f fetcher) keys(ctx context.Context, address string, algorithms []*algorithm) (*keySet, error) {
	body, err := f.get(ctx, address, "application/jwk-set+json, application/json", maxKeyText)
	if err != nil {
		return nil, err
	}
	keys, errs := parseJWKS(string(body))
	set, errs := newKeySet(body, keys, errs, algorithms)
	if len(set.keys) == 0 {
		return nil, errors.Join(errs...)
	}
	return set, nil // the others are the issuer's business
}
