// Package redis keeps what several instances of a server must agree on in Redis or Valkey, single, with Sentinel or as a Cluster:
// the tokens that were revoked, the DPoP proofs that were used, and the sessions of browsers. It is a module of its own, so that who does not use
// Redis does not have its client among the requirements.
//
// Nothing is believed of a store that cannot be asked: the error makes the server answer 503. Questions about tokens and proofs are one
// round trip, those about sessions two.
//
// Entries expire by themselves, when what they are about has ended. Of revocations and proofs, Redis must not throw any away before: with a
// maxmemory-policy other than noeviction, and a maxmemory that can be reached, every question is an error. A session that is thrown away has
// ended. Redis forgets what it had not yet written to disk, or to a replica, when it is lost: a revocation too, or the end of a session. Names are
// stored as their SHA-256, so that who reads the database finds neither tokens nor the numbers of sessions, nor whose tokens were revoked; a session's entry
// says whom it stands for.
package redis
