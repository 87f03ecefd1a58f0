// Package introspect verifies opaque bearer tokens by asking their issuer (OAuth 2.0 Token
// Introspection, RFC 7662).
//
// An answer counts only if it is 200 with at most 64 KiB of strict JSON whose active is true, and if iss,
// aud, exp, nbf and iat hold as the policy says. Everything else that an issuer may confirm is refused: refresh tokens and
// ID tokens, where the answer tells (token_use, token_type, typ), and tokens that are bound to a key which
// the request does not show (cnf, RFC 7800).
//
// Answers are remembered under the token's SHA-256, good ones for the policy's time and never beyond exp, bad
// ones shortly and apart from the good ones, so that a flood of bad tokens neither reaches the issuer for each nor
// pushes out who is known. The same token is asked about once at a time, and of different ones only a bounded number;
// what is beyond that, and what the issuer does not answer in time, is unavailable. Nothing about
// a token is ever part of an error.
package introspect
