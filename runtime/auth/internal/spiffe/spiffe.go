// Package spiffe checks SPIFFE IDs (SPIFFE-ID specification, section 2), for certificates and for tokens.
package spiffe

import "strings"

// The bounds of the specification, in bytes (SPIFFE-ID, section 2.3).
const (
	maxID     = 2048
	maxDomain = 255
)

// Scheme is the scheme of a SPIFFE ID, and what stands before its trust domain.
const Scheme = "spiffe://"

// IsTrustDomain reports whether s is the name of a trust domain (SPIFFE-ID, section 2.1): 1 to 255 small letters, digits, dots, hyphens
// and underscores. It has no user, no port and no percent-encoding.
func IsTrustDomain(s string) bool {
	if s == "" || len(s) > maxDomain {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// IsID reports whether id is a SPIFFE ID with a path (SPIFFE-ID, section 2.2), byte by byte: the scheme in small letters, a trust domain, and
// segments of letters, digits, dots, hyphens and underscores. Empty segments, "." and ".." are none, and there is no query and no fragment.
func IsID(id string) bool {
	rest, ok := strings.CutPrefix(id, Scheme)
	if !ok || len(id) > maxID {
		return false
	}
	domain, path, ok := strings.Cut(rest, "/")
	if !ok || !IsTrustDomain(domain) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
		for i := range len(segment) {
			if c := segment[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// In reports whether id is a SPIFFE ID of the trust domain.
func In(id, domain string) bool {
	return IsID(id) && len(id) > len(Scheme)+len(domain) && id[len(Scheme):len(Scheme)+len(domain)] == domain && id[len(Scheme)+len(domain)] == '/'
}
