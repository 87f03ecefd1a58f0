package gen

import (
	"bufio"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
)

func TestClientAddress(t *testing.T) {
	const own, client, client6 = "10.0.0.1", "203.0.113.9", "2001:db8:1::1"
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:1", client, "192.0.2.1"}, // not a proxy of ours: the header is a lie
		{own + ":1", client, client},
		{own + ":1", "1.1.1.1, " + client, client},
		{own + ":1", client + ", 10.0.0.2", client},
		{own + ":1", client + ":5001", client},
		{own + ":1", client + ":5001, 10.0.0.2:80", client},
		{own + ":1", "[" + client6 + "]:5001", client6},
		{own + ":1", "[" + client6 + "]", client6},
		{own + ":1", `"[` + client6 + `]"`, client6},
		{own + ":1", `"[` + client6 + `]:5001" , 10.0.0.2`, client6},
		{own + ":1", `"` + client + `"`, client},
		{own + ":1", client6, client6},
		{own + ":1", "2001:db8:1:2:3:4:5:6:5001", "2001:db8:1:2:3:4:5:6"},
		{own + ":1", "[fe80::1%eth0]:80", "fe80::1"},
		{own + ":1", "[::ffff:203.0.113.9]:80", client},
		{own + ":1", client + ", garbage", own},
		{own + ":1", client + ", unknown", own},
		{own + ":1", client + ", ", own}, // the proxy had no address to write
		{own + ":1", client + ":", own},
		{own + ":1", client + ":65536", own},
		{own + ":1", client + ":000080", own},
		{own + ":1", client + ":8x", own},
		{own + ":1", "[" + client + "]:80", own},
		{own + ":1", "[" + client6, own},
		{own + ":1", "[" + client6 + "]x", own},
		{own + ":1", `"` + client, own},
		{own + ":1", `"` + client + `\"`, own},
		{own + ":1", ":80", own},
		{own + ":1", "[]:80", own},
		{own + ":1", "", own},
		{"[::ffff:192.0.2.1]:1", "", "192.0.2.1"},
	} {
		s := &Server{config: runtime.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		r.Header.Set("Forwarded", "for=198.51.100.1") // not asked for
		if got := s.clientAddress(r).String(); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestForwarded is the same of the field that RFC 7239 has.
func TestForwarded(t *testing.T) {
	const own, client, client6 = "10.0.0.1", "203.0.113.9", "2001:db8:1::1"
	for _, tt := range []struct{ forwarded, want string }{
		{"for=" + client, client},
		{"For=" + client + ";proto=https;by=10.0.0.1", client},
		{`proto=https; for="` + client + `:5001"`, client},
		{`for="[` + client6 + `]:5001"`, client6},
		{`for="[` + client6 + `]"`, client6},
		{`for="[` + client6 + `]:_x.1"`, client6},
		{"for=1.1.1.1, for=" + client, client},
		{"for=1.1.1.1|for=" + client + ", for=10.0.0.2", client},
		{`for=` + client + `;host="a,b;for=1.1.1.1"`, client},
		// What a client left open does not take in what the proxy wrote.
		{`for=", for=` + client, client},
		{`for="\", for="[` + client6 + `]"`, client6},
		{`for="|for=` + client, client},
		{"for=" + client + ", for=unknown", own},
		{"for=" + client + ", for=_hidden", own},
		{"for=" + client + ", by=10.0.0.1", own},
		{"for=" + client + ";for=1.1.1.1", own},
		{`for="` + client, own},
		{`for="203.0.113.\9"`, own},
		{"for = " + client, own},
		{client, own},
		{"", own},
	} {
		s := &Server{config: runtime.Config{TrustForwarded: true, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = own + ":1"
		for _, line := range strings.Split(tt.forwarded, "|") {
			r.Header.Add("Forwarded", line)
		}
		r.Header.Set("X-Forwarded-For", "198.51.100.1") // what the client has put there
		if got := s.clientAddress(r).String(); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// TestForwardedClients proves over a socket that clients behind proxies which write ports are counted by
// themselves, and that events name them.
func TestForwardedClients(t *testing.T) {
	for field, clients := range map[string]map[string]string{
		"X-Forwarded-For": {
			"203.0.113.10:5001": "203.0.113.10", "203.0.113.11:5002": "203.0.113.11",
			"[2001:db8:1::1]:5001": "2001:db8:1::1", `"[2001:db8:2::1]"`: "2001:db8:2::1",
		},
		"Forwarded": {
			"for=203.0.113.10": "203.0.113.10", `for="203.0.113.11:5002"`: "203.0.113.11", `for="[2001:db8:2::1]:80"`: "2001:db8:2::1",
		},
	} {
		sink := &events{}
		s, err := newServer(t, sink, func(b *Builder, _ *Operation) {
			b.setup.Config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
			b.setup.Config.TrustForwarded = field == "Forwarded"
			Mount(b, &Operation{
				ID: "few", Method: "GET", Path: "/few", Access: Public("a test"),
				Rate: []Rate{{Name: "few", Limit: 2, Window: time.Minute, Per: "address"}},
			}, noteOpen)
		})
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(s)
		t.Cleanup(srv.Close)
		for value, want := range clients {
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			read := bufio.NewReader(conn)
			for i, status := range []int{204, 204, 429} {
				res := exchange(t, conn, read, "GET /few HTTP/1.1\r\nHost: api.example\r\n"+field+": "+value+"\r\n\r\n")
				if res.StatusCode != status {
					t.Errorf("%s: %s: request %d: %d, want %d", field, value, i, res.StatusCode, status)
				}
			}
			conn.Close()
			if got := sink.last().Address.String(); got != want {
				t.Errorf("%s: %s: the event names %s, want %s", field, value, got, want)
			}
		}
	}
}
