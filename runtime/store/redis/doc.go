// Package redis keeps what several instances of a server must agree on in Redis or Valkey, single, with Sentinel or as a Cluster:
// the tokens that were revoked, and the DPoP proofs that were used. It is a module of its own, so that who does not use Redis does not
// have its client among the requirements.
//
// Every question is one round trip. Nothing is believed of a store that cannot be asked: the error makes the server answer 503.
// Entries expire by themselves, when what they are about has ended, and Redis must not throw them away before: with a
// maxmemory-policy other than noeviction, and a maxmemory that can be reached, every question is an error. Redis
// forgets what it had not yet written to disk, or to a replica, when it is lost: a revocation too. Names are stored as their
// SHA-256, so that who reads the database finds neither subjects nor tokens.
package redis
