package network_test

import (
	"net"
	"net/netip"
	"testing"

	"github.com/bailey-go/bailey/runtime/internal/network"
)

func TestClient(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7":              "192.0.2.7",
		"::ffff:192.0.2.7":       "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":   "2001:db8:1:2::",
		"2001:db8:1:2::":         "2001:db8:1:2::",
		"2001:db8:1:3:3:4:5:6":   "2001:db8:1:3::",
		"fe80::1:2:3:4%eth0":     "fe80::",
		"::1":                    "::",
		"2001:db8:1:2:ffff::%vm": "2001:db8:1:2::",
	} {
		if got := network.Client(netip.MustParseAddr(addr)); got != netip.MustParseAddr(want) {
			t.Errorf("Client(%s) = %s, want %s", addr, got, want)
		}
	}
	if got := network.Client(netip.Addr{}); got.IsValid() {
		t.Errorf("the zero Addr became %s", got)
	}
}

// text is an address of a listener that is none of package net's.
type text string

func (text) Network() string  { return "test" }
func (s text) String() string { return string(s) }

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		addr net.Addr
		want string // "" for none
	}{
		{&net.TCPAddr{IP: net.ParseIP("192.0.2.7"), Port: 1}, "192.0.2.7"},
		{&net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 1, Zone: "eth0"}, "fe80::1"},
		{text("[::ffff:192.0.2.7]:80"), "192.0.2.7"},
		{&net.UnixAddr{Name: "/run/x", Net: "unix"}, ""},
		{text("pipe"), ""},
		{nil, ""},
	} {
		want := netip.Addr{}
		if tt.want != "" {
			want = netip.MustParseAddr(tt.want)
		}
		if got := network.Of(tt.addr); got != want {
			t.Errorf("Of(%v) = %v, want %v", tt.addr, got, want)
		}
	}
}
