package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Discovery takes keys from where the issuer's metadata says that they are, as [DiscoverySource] does with
// its defaults. The URL is that of the metadata; empty means the well-known one of the policy's issuer.
func Discovery(url string) KeySource { return DiscoverySource{URL: url} }

// DiscoverySource reads the issuer's metadata (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3) and
// fetches the JWK set that its jwks_uri names.
//
// Nothing in the metadata is believed unless its issuer equals the policy's byte by byte (OpenID Connect
// Discovery 1.0, section 4.3; RFC 8414, section 3.3), and of what it says only jwks_uri is used: neither the
// algorithms nor anything else of the policy can be changed from there. Both addresses must be https;
// http only to a loopback address, and a jwks_uri only where the metadata came that way too.
//
// Metadata and keys are fetched together, at the times and within the bounds that [RemoteSource] describes;
// Timeout bounds both of them. If one of them fails, the last good set stays in force for Keep.
type DiscoverySource struct {
	// URL is that of the metadata. Empty means the policy's issuer, without a slash at its end,
	// and "/.well-known/openid-configuration" (OpenID Connect Discovery 1.0, section 4.1).
	URL string
	// Interval, MinGap, Timeout, Wait, Keep and Transport are those of [RemoteSource].
	Interval, MinGap, Timeout, Wait, Keep time.Duration
	Transport                             http.RoundTripper
	// CAFile and DangerouslyFetchKeysOverHTTP are those of [RemoteSource], for the metadata and the keys that it names.
	CAFile                       string
	DangerouslyFetchKeysOverHTTP string
}

const (
	wellKnown       = "/.well-known/openid-configuration"
	maxMetadata     = 256 << 10 // bytes; those of large providers have 10 KiB
	maxMetadataSize = 4 << 10   // values
)

func (s DiscoverySource) open(o opening) (ring, error) {
	if o.svid {
		return nil, errors.New("jwt: metadata: a trust domain has none; name the address of its SPIFFE bundle")
	}
	address := s.URL
	if address == "" {
		if strings.ContainsAny(o.issuer, "?#{") { // section 3 allows neither in an issuer
			return nil, errors.New("jwt: metadata: the issuer is not a URL without query and fragment, and of one tenant")
		}
		address = strings.TrimSuffix(o.issuer, "/") + wellKnown
	}
	remote := RemoteSource{
		CAFile: s.CAFile, DangerouslyFetchKeysOverHTTP: s.DangerouslyFetchKeysOverHTTP,
		Interval: s.Interval, MinGap: s.MinGap, Timeout: s.Timeout, Wait: s.Wait, Keep: s.Keep, Transport: s.Transport,
	}
	target, err := remote.target("metadata", address)
	if err != nil {
		return nil, fmt.Errorf("jwt: %w", err)
	}
	return remote.start(o, "metadata "+target.Redacted(), func(ctx context.Context, f *fetcher) (*keySet, error) {
		body, err := f.get(ctx, target.String(), "application/json", maxMetadata)
		if err != nil {
			return nil, err
		}
		keys, err := parseMetadata(string(body), o.issuer, target, remote.target)
		if err != nil {
			return nil, err
		}
		set, err := f.keys(ctx, keys.String(), o)
		if err != nil {
			return nil, fmt.Errorf("key set %s: %w", keys.Redacted(), err)
		}
		return set, nil
	})
}

// parseMetadata returns the jwks_uri of metadata that came from an address and must be issuer's. The
// errors hold nothing of the metadata but that URL.
func parseMetadata(text, issuer string, from *url.URL, check func(what, address string) (*url.URL, error)) (*url.URL, error) {
	doc, _, err := decodeObject(text, maxMetadataSize)
	if err != nil {
		return nil, fmt.Errorf("not a provider's metadata: %w", err)
	}
	if claimed, ok := doc["issuer"].(string); !ok || !isMetadataOf(claimed, issuer) {
		return nil, errors.New("the metadata is not that of the policy's issuer")
	}
	address, _ := doc["jwks_uri"].(string)
	if address == "" {
		return nil, errors.New("the metadata has no jwks_uri")
	}
	keys, err := check("jwks_uri", address)
	if err != nil {
		return nil, err
	}
	if keys.Scheme != "https" && from.Scheme == "https" {
		return nil, fmt.Errorf("jwks_uri %s: a key set over http, named by metadata over https", keys.Redacted())
	}
	return keys, nil
}
