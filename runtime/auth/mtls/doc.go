// Package mtls authenticates callers by the client certificate of their TLS connection, and maps certificates to principals by an
// allow-list: nobody is somebody only because a certificate authority says so.
//
// The connection must end in this process: certificates that a proxy puts into a header are never looked at, for whoever reaches the server
// around the proxy could write them. What a listener asks clients for, package harden says. The chain is verified here, for each request and not only at the handshake: a
// certificate that ends, or is revoked, ends on open connections too.
package mtls
