package runtime

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxHops bounds how many addresses of X-Forwarded-For are looked at.
const maxHops = 32

// clientAddress is the address that a request is counted by: that of the connection,
// or, where that is a trusted proxy, the last address of X-Forwarded-For that is not
// one. What stands further left was written by the client and is not believed. A
// header that cannot be read stops at the proxy that sent it.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	var addr netip.Addr
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		addr = ap.Addr().Unmap().WithZone("")
	}
	if len(trusted) == 0 || !contains(trusted, addr) {
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
			if !contains(trusted, addr) {
				return addr
			}
		}
	}
	return addr
}

func contains(prefixes []netip.Prefix, addr netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
