package jwt

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// A fetcher reads what an issuer publishes, and remembers each answer with its validator, so that what did not change is not
// sent again (RFC 9110, section 13). Its requests end with their context. One goroutine uses it at a time.
type fetcher struct {
	client *http.Client
	known  map[string]document // by address: the metadata and the key set
	fresh  time.Duration       // the shortest max-age among the answers of this round; 0 where none has one
}

// A document is an answer with its entity tag.
type document struct {
	tag  string
	body []byte
	age  time.Duration // max-age
}

const (
	maxTag   = 256 // bytes
	maxKnown = 2   // documents: one of each kind
)

// get returns the body at an address that was checked, of at most limit bytes. Any
// other status than 200, or 304 for a body that is remembered, is an error.
func (f *fetcher) get(ctx context.Context, address, accept string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	old, remembered := f.known[address]
	if remembered {
		req.Header.Set("If-None-Match", old.tag)
	}
	answer, err := outbound.Ask(f.client, req, limit)
	switch {
	case err != nil:
		return nil, err
	case answer.Status == http.StatusNotModified && !remembered:
		return nil, errors.New("status 304, and nothing was asked about")
	case answer.Status == http.StatusNotModified:
		if age, ok := maxAge(answer.Header); ok { // section 15.4.5: it replaces the old one
			old.age = age
		}
		f.lower(old.age)
		return old.body, nil
	}
	age, _ := maxAge(answer.Header)
	f.lower(age)
	f.remember(address, document{answer.Header.Get("Etag"), answer.Body, age})
	return answer.Body, nil
}

// lower takes note of how long an answer says that it is fresh.
func (f *fetcher) lower(age time.Duration) {
	if age > 0 && (f.fresh == 0 || age < f.fresh) {
		f.fresh = age
	}
}

// remember keeps an answer that has a tag. A tag that could not be sent back is none.
func (f *fetcher) remember(address string, d document) {
	delete(f.known, address)
	if !isTag(d.tag) {
		return
	}
	if f.known == nil || len(f.known) >= maxKnown { // metadata that names one address after another
		f.known = make(map[string]document)
	}
	f.known[address] = d
}

// isTag reports whether s is an entity-tag (RFC 9110, section 8.8.3).
func isTag(s string) bool {
	text, quoted := strings.CutPrefix(strings.TrimPrefix(s, "W/"), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	if !quoted || !closed || len(s) > maxTag {
		return false
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= 0x7f || text[i] == '"' {
			return false
		}
	}
	return true
}

// maxAge reads Cache-Control (RFC 9111, section 5.2.2.1). Where it is said twice, or is no number, nothing is said;
// no-store and no-cache are an age of the least that counts.
func maxAge(h http.Header) (time.Duration, bool) {
	var (
		age   time.Duration
		found bool
	)
	for field := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return time.Nanosecond, true
		case "max-age":
			n, err := strconv.ParseUint(value, 10, 31)
			if err != nil || found {
				return 0, false
			}
			age, found = max(time.Duration(n)*time.Second, time.Nanosecond), true
		}
	}
	return age, found
}

// keys fetches a JWK set.
func (f *fetcher) keys(ctx context.Context, address string, o opening) (*keySet, error) {
	body, err := f.get(ctx, address, "application/jwk-set+json, application/json", maxKeyText)
	if err != nil {
		return nil, err
	}
	keys, errs := parseJWKS(string(body), o.svid)
	for i := range keys {
		keys[i].fetched = true
	}
	set, errs := newKeySet(body, keys, errs, o.algorithms)
	if len(set.keys) == 0 {
		return nil, errors.Join(errs...)
	}
	return set, nil // the others are the issuer's business
}
