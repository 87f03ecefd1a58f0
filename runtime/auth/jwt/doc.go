// Package jwt verifies signed access tokens (JWT, RFC 7519; best current practice,
// RFC 8725; the access token profile, RFC 9068) that arrive as bearer tokens.
//
// Signatures and registered claims are checked by github.com/golang-jwt/jwt/v5
// with every option that makes it stricter, and what it lets through is
// refused before it sees a token: more than 8 KiB, anything but three non-empty
// base64url parts, JSON that is not strictly well-formed (a duplicate member at any
// depth, invalid UTF-8, nesting), another typ than the policy's, any crit, b64 or
// zip, and an algorithm that the policy does not list. Claims are decoded once, by the strict
// decoder, and it is these that are validated; claim names are case-sensitive.
//
// The algorithm is never the token's choice. The policy lists what is allowed,
// each algorithm is bound to the kind of key it is for (RSA of 2048 bits and more; the
// exact curve; a MAC key at least as long as the hash), and keys named by the token itself
// (jku, jwk, x5u, x5c, x5t) are ignored. MACs and signatures cannot be mixed in
// one policy, and "none" is not an algorithm.
//
// A token that is bound to a key (cnf, RFC 7800) is good for who shows that they hold it, and for nobody else: a client certificate
// (RFC 8705), or, where the policy takes them, a DPoP proof (RFC 9449). What cannot be checked is refused.
//
// A verified token is remembered, so that the second request with it costs two hashes and a look-up: a
// fast one of all of it, under a seed of the process, finds the entry, and SHA-256 of the signature, with a
// comparison of what is signed, proves that it is this token to the last byte. The token itself is not kept: who
// reads the process's memory finds claims and digests in the cache, and nothing that lets them in.
// The memory is bounded in entries and in bytes; an entry
// holds only as long as the token and the key set that verified it. Refusals are not
// remembered. A token that the issuer revokes stays good until it expires, unless [Policy].Revocations
// knows of it: keep tokens short-lived, or set MaxAge.
package jwt
