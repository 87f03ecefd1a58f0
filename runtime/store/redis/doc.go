// Package redis keeps what several instances of a server must agree on in Redis or Valkey, single, with Sentinel or as a Cluster:
// the tokens that were revoked, the DPoP proofs that were used, and the sessions of browsers. It is a module of its own, so that who does not use
// Redis does not have its client among the requirements.
//
// Nothing is believed of a store that cannot be asked: the error makes the server answer 503. Questions about tokens and proofs are one
// round trip, those about sessions two.
//
// Entries expire by themselves, when what they are about has ended. Of revocations and proofs,
// Redis must not throw any away before: with a maxmemory-policy other than noeviction, and a
// maxmemory that can be reached, every question is an error. The servers are asked for that, by
// INFO, with the first question, each second that there are questions, after each new connection
// and after each error; in a Cluster, every primary. Behind a proxy that hides a failover, a second
// is how long the answers of a server that evicts are believed. What such a server threw away
// meanwhile stays lost: revoke it again. A session that is thrown away has ended.
//
// A server that says it is a replica is an error too, and a client that reads from replicas is
// refused: what was revoked or ended a moment ago may not have arrived there. The user of an ACL
// needs the command INFO.
//
// Redis forgets what it had not yet written to disk, or to a replica, when it is lost: a revocation
// too, the end of a session, or that a proof was used. Running without persistence is allowed, and
// means that a restart of Redis takes back every revocation; with "appendfsync everysec" it is
// those of the last second. Names are stored as their SHA-256, so that who reads the database finds
// neither tokens nor the numbers of sessions, nor whose tokens were revoked; a session's entry says
// whom it stands for.
package redis
