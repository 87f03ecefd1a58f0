// Package network says which addresses count as one client: for rate limits, for shares of
// connections, and for shares of memory.
package network

import (
	"net"
	"net/netip"
)

// IPv6Bits is the length of the prefix by which IPv6 clients are counted: a /64 is the least that
// a site is given (RFC 6177), so that the addresses of one subscriber are one client.
const IPv6Bits = 64

// Client returns the address that stands for the client at addr: an IPv4 address itself, also
// where it is written as IPv4-mapped IPv6, and the first address of an IPv6 address's /64. The
// result has no zone. The zero Addr stays what it is.
func Client(addr netip.Addr) netip.Addr {
	addr = addr.Unmap()
	if !addr.Is6() {
		return addr
	}
	first := addr.As16()
	clear(first[IPv6Bits/8:])
	return netip.AddrFrom16(first)
}

// Of returns the IP address of a connection's end, or the zero Addr where it has none.
func Of(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	if a == nil {
		return netip.Addr{}
	}
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// Contains reports whether addr is in one of the networks.
func Contains(networks []netip.Prefix, addr netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}
