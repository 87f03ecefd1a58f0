package gen

import (
	"iter"
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
// or, where that is a trusted proxy, the last address of the field that it forwards which is not
// one. What stands further left was written by the client and is not believed. An
// element that cannot be read, or that names no address, stops at the proxy that sent it.
func (s *Server) clientAddress(r *http.Request) netip.Addr {
	addr, trusted := connectionAddress(r.RemoteAddr), s.config.TrustedProxies
	if len(trusted) == 0 || !network.Contains(trusted, addr) {
		return addr
	}
	name, last, address := "X-Forwarded-For", lastOfList, hopAddress
	if s.config.TrustForwarded {
		name, last, address = "Forwarded", lastElement, forwardedFor
	}
	lines := r.Header[name]
	for i, hops := len(lines)-1, 0; i >= 0; i-- {
		rest := lines[i]
		for rest != "" && hops < maxHops {
			hops++
			var part string
			rest, part = last(rest)
			hop, ok := address(part)
			if !ok {
				return addr
			}
			addr = hop
			if !network.Contains(trusted, addr) {
				return addr
			}
		}
	}
	return addr
}

// lastOfList cuts the last element of X-Forwarded-For off, whose elements hold no commas.
func lastOfList(s string) (rest, element string) {
	if comma := strings.LastIndexByte(s, ','); comma >= 0 {
		return s[:comma], s[comma+1:]
	}
	return "", s
}

// lastElement cuts the last element of Forwarded off. It looks from the right, so that a quote
// which a client has left open takes nothing in that a proxy has written behind it.
func lastElement(s string) (rest, element string) {
	quoted := false
	for i := len(s) - 1; i >= 0; i-- {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return "", s
}

// forwardedFor is the address that an element of Forwarded names as its client (RFC 7239, 5.2). It
// refuses "unknown" and made-up names, an element without for, one with two, and escapes, which no
// address needs.
func forwardedFor(element string) (addr netip.Addr, ok bool) {
	if strings.IndexByte(element, '\\') >= 0 || strings.Count(element, `"`)%2 != 0 {
		return netip.Addr{}, false
	}
	found := false
	for pair := range quotedFields(element, ';') {
		name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		if !strings.EqualFold(name, "for") {
			continue
		}
		if found {
			return netip.Addr{}, false
		}
		found = true
		addr, ok = hopAddress(value)
	}
	return addr, ok
}

// quotedFields yields what stands between the separators that are not in quotes.
func quotedFields(s string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		quoted, from := false, 0
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '"':
				quoted = !quoted
			case s[i] == separator && !quoted:
				if !yield(s[from:i]) {
					return
				}
				from = i + 1
			}
		}
		yield(s[from:])
	}
}

// hopAddress reads the address of one hop: an IPv4 address, with a port or without; an IPv6
// address, in brackets with a port or without, or bare; any of them in quotes (RFC 7239, 6). A bare
// IPv6 address with a port is one only where all eight groups stand before it.
func hopAddress(s string) (netip.Addr, bool) {
	s = strings.Trim(s, " \t")
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	if s == "" {
		return netip.Addr{}, false
	}
	host := s
	switch colon := strings.LastIndexByte(s, ':'); {
	case s[0] == '[':
		end := strings.IndexByte(s, ']')
		if end < 0 || strings.IndexByte(s[:end], ':') < 0 {
			return netip.Addr{}, false
		}
		host = s[1:end]
		if rest := s[end+1:]; rest != "" && (rest[0] != ':' || !isHopPort(rest[1:])) {
			return netip.Addr{}, false
		}
	case colon < 0:
	case strings.IndexByte(s, ':') == colon, strings.Count(s, ":") == 8 && !strings.Contains(s, "::"):
		if host = s[:colon]; !isHopPort(s[colon+1:]) {
			return netip.Addr{}, false
		}
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap().WithZone(""), err == nil
}

// isHopPort reports whether s is the port of a hop: a number, or the made-up name of one (RFC 7239, 6).
func isHopPort(s string) bool {
	if made, ok := strings.CutPrefix(s, "_"); ok {
		return made != "" && strings.IndexFunc(made, func(c rune) bool {
			return (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-'
		}) < 0
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || len(s) > 5 {
			return false
		}
		n = n*10 + int(c-'0')
	}
	return s != "" && n <= 65535
}
