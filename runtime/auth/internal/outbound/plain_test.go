package outbound

import (
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPlainTarget(t *testing.T) {
	for _, tt := range []struct{ address, host, want string }{
		{"http://keycloak:8080/certs", "keycloak", ""},
		{"http://Keycloak/certs", "keycloak", ""},
		{"https://keycloak/certs", "keycloak", "another scheme"},
		{"http://other:8080/certs", "keycloak", "alone"},
		{"http://keycloak.evil.example/certs", "keycloak", "alone"},
		{"http://a:b@keycloak/certs", "keycloak", "credentials"},
		{"http://keycloak@evil.example/certs", "keycloak", "credentials"},
		{"http://keycloak:8080/certs", "keycloak:8080", "without a port"},
		{"http://keycloak:8080/certs", "*", "without a port"},
		{"http://keycloak:8080/certs", "", "without a port"},
		{"http://[::1]/certs", "[::1]", "without a port"},
		{"://", "keycloak", "not a URL"},
	} {
		_, err := PlainTarget("key set", tt.address, tt.host)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s with %q: %v, want %q", tt.address, tt.host, err, tt.want)
		}
	}
}

func TestIsPrivate(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:80": true, "127.255.0.1:80": true, "[::1]:80": true, "10.0.0.1:80": true, "172.16.0.1:80": true, "172.31.255.255:80": true, "192.168.1.1:80": true,
		"[fd00::1]:80": true, "[fc00::1]:80": true, "[::ffff:10.0.0.1]:80": true,
		"172.32.0.1:80": false, "11.0.0.1:80": false, "93.184.216.34:80": false, "[2001:db8::1]:80": false, "[::ffff:93.184.216.34]:80": false,
		"169.254.169.254:80": false, "[fe80::1%eth0]:80": false, "0.0.0.0:80": false, "[::]:80": false, "100.64.0.1:80": false, "255.255.255.255:80": false, "keycloak:80": false,
	} {
		if got := isPrivate(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// names is a name server that answers each question about an IPv4 address with the next of its addresses, and then with the last again.
type names struct {
	mu      sync.Mutex
	answers []netip.Addr
}

func (n *names) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(n.answer(buf[:size]), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// answer is the answer to one question (RFC 1035, section 4).
func (n *names) answer(question []byte) []byte {
	end := 12
	for end < len(question) && question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5 // the root, the type and the class
	kind := binary.BigEndian.Uint16(question[end-4:])
	out := append([]byte{}, question[:end]...)
	out[2], out[3] = 0x81, 0x80
	clear(out[6:12])
	if kind != 1 {
		return out // no addresses of IPv6
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	addr := n.answers[0].As4()
	if len(n.answers) > 1 {
		n.answers = n.answers[1:]
	}
	out[7] = 1
	out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
	return append(out, addr[:]...)
}

// TestPlainLooksAtTheAddress: the name that is allowed counts for nothing where it leads outside, at once or later (DNS rebinding).
func TestPlainLooksAtTheAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	home := netip.MustParseAddr("127.0.0.1")
	for _, tt := range []struct {
		name    string
		answers []netip.Addr
		good    int // requests before one is refused
	}{
		{"a public address", []netip.Addr{netip.MustParseAddr("93.184.216.34")}, 0},
		{"the address of a cloud's metadata", []netip.Addr{netip.MustParseAddr("169.254.169.254")}, 0},
		{"rebinding", []netip.Addr{home, home, netip.MustParseAddr("93.184.216.34")}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := newPlain("keycloak.internal", 5*time.Second, (&names{answers: tt.answers}).resolver(t))
			tr.DisableKeepAlives = true // each request resolves the name again
			client := &http.Client{Transport: tr, CheckRedirect: NoRedirect}
			for i := range tt.good + 1 {
				res, err := client.Get("http://keycloak.internal:" + u.Port())
				if err == nil {
					res.Body.Close()
				}
				if i < tt.good && err != nil {
					t.Fatalf("request %d: %v", i+1, err)
				}
				if i == tt.good && (err == nil || !strings.Contains(err.Error(), "neither loopback nor of a private network")) {
					t.Errorf("request %d: %v", i+1, err)
				}
			}
		})
	}
}

// TestPlainGoesNowhereElse: neither another host, nor TLS, nor a proxy, nor a redirect.
func TestPlainGoesNowhereElse(t *testing.T) {
	tr := NewPlain("localhost", 5*time.Second)
	if tr.Proxy != nil {
		t.Error("there is a proxy")
	}
	server := httptest.NewServer(http.RedirectHandler("/elsewhere", http.StatusFound))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	client := &http.Client{Transport: tr, CheckRedirect: NoRedirect}
	for address, want := range map[string]string{
		"http://127.0.0.1:" + port:  "alone",
		"https://localhost:" + port: "plain HTTP",
		"http://localhost:" + port:  "follows none",
	} {
		res, err := client.Get(address)
		if err == nil {
			res.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
}
