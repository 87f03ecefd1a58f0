// Package session authenticates browsers by a cookie that holds a random number, and nothing else: what it stands for is kept on this side.
//
// A session begins when a handler, having found out who somebody is, calls [Sessions.Begin] and sends what it returns as Set-Cookie. It ends when nobody used it for
// the idle time, after the absolute time, or when a handler ends it. The cookie's name begins with __Host-, it is Secure and HttpOnly, and has a SameSite; the
// store knows its SHA-256 only. A browser sends cookies with every request to this server, whatever page makes it: generated servers refuse requests of other
// origins that may change something (see http.CrossOriginProtection).
package session
