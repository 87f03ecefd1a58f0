// Package basic authenticates callers by user name and password (HTTP Basic, RFC 7617), over TLS only.
//
// Passwords are stored as argon2id hashes (RFC 9106), whose cost has a floor and a ceiling. To hash is costly on purpose, so that it is bounded: so many at a
// time, so many wait, the rest is unavailable. An unknown user costs what a known one does. What was found out about a pair of name and password is
// remembered for a minute, under a keyed hash with a key that only this process has.
//
// People deserve better (a login with a second factor); Basic is for machines and tools that know nothing else. Names and
// passwords are compared byte by byte, as UTF-8: they are not normalised (RFC 8265).
package basic
