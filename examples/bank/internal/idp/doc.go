// Package idp is an OpenID Connect provider, small enough to be read in one sitting, and real for what it offers: the example's bank and
// its tests talk to it over TLS, as they would to anybody else's.
//
// It is an example and no product. Who needs a provider takes Keycloak, Dex, Ory Hydra, ZITADEL or a service; who needs to write one takes a
// library that is made for it. The well-kept ones for Go (zitadel/oidc, ory/fosite, luikyv/go-oidc) would bring storage interfaces, loggers and
// routers into the module that every user of bailey requires, for a program that is here to show the other side. So this one stands on the
// standard library, golang-jwt and argon2 alone.
//
// What it knows:
//
//   - its metadata (OpenID Connect Discovery 1.0) and its keys, which rotate (RFC 7517): metadata.go, keys.go;
//   - the authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE by S256 for everybody (RFC 7636), redirect URIs compared
//     byte by byte, codes that are good once and for a minute, iss in the answer (RFC 9207), and a login form: authorize.go, login.go;
//   - a second factor (TOTP, RFC 6238), asked for with acr_values=mfa, which is how a step-up ends (RFC 9470): totp.go;
//   - codes and client credentials (RFC 6749, section 4.4) turned into access tokens (RFC 9068) and ID tokens, for clients that authenticate by
//     client_secret_basic: token.go, mint.go. An access token is bound to the certificate that the client's connection has (RFC 8705, section 3) and to
//     the key of its DPoP proof (RFC 9449, section 5): dpop.go. Some clients get opaque tokens;
//   - introspection (RFC 7662) and revocation (RFC 7009): introspect.go, revoke.go.
//
// What it does not: refresh tokens, implicit and hybrid flows, user info, consent, sessions of its own (each authorization asks for the password),
// request objects, dynamic registration, RS256. It refuses them, with the errors that the standards have.
//
// Everything it remembers is bounded and in this process: see expiring.go. Neither passwords nor codes nor tokens nor secrets are logged or kept in clear.
package idp
