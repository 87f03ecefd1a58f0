package runtime

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/bailey-go/bailey/runtime/internal/network"
)

// maxHops bounds how many addresses of X-Forwarded-For are looked at.
const maxHops = 32

// connectionAddress is the address in host:port, or the zero Addr.
func connectionAddress(s string) netip.Addr {
	if i := strings.IndexByte(s, ':'); i > 0 && isPort(s[i+1:]) { // IPv4, without the way over a text of the port
		addr, _ := netip.ParseAddr(s[:i])
		return addr
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// isPort reports whether s is a port of at most four digits, or five that are surely one.
func isPort(s string) bool {
	if s == "" || len(s) > 5 || len(s) == 5 && s[0] > '5' {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// clientAddress is the address that a request is counted by: that of the connection,
// or, where that is a trusted proxy, the last address of X-Forwarded-For that is not
// one. What stands further left was written by the client and is not believed. A
// header that cannot be read stops at the proxy that sent it.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	addr := connectionAddress(r.RemoteAddr)
	if len(trusted) == 0 || !network.Contains(trusted, addr) {
		return addr
	}
	lines := r.Header["X-Forwarded-For"]
	for i, hops := len(lines)-1, 0; i >= 0; i-- {
		rest := lines[i]
		for rest != "" && hops < maxHops {
			hops++
			part := rest
			if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
				rest, part = rest[:comma], rest[comma+1:]
			} else {
				rest = ""
			}
			hop, err := netip.ParseAddr(strings.TrimSpace(part))
			if err != nil {
				return addr
			}
			addr = hop.Unmap().WithZone("")
			if !network.Contains(trusted, addr) {
				return addr
			}
		}
	}
	return addr
}
