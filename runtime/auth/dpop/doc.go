// Package dpop judges proofs of possession (DPoP, RFC 9449): signed statements of a caller, one for each request, that they hold
// the key which their token is bound to.
//
// A proof counts if it is the request's only DPoP field, of at most 4 KiB; a JWT of the type dpop+jwt whose header and claims are strict
// JSON; signed, by an algorithm that the policy lists, with the key in its header, which is public, strong enough and the one whose
// thumbprint (RFC 7638) the token has; if it names the request's method and its address at one of the origins that the server is
// known to have, this token (ath), a nonce of ours where the policy asks for one, and a time close to now; and if it was not used before.
// Signatures come after everything that costs less, and the memory of what was used comes last, so that only who holds the token and its key can fill it.
package dpop
