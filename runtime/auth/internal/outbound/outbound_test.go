package outbound

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRedirectRules(t *testing.T) {
	request := func(url string) *http.Request { return httptest.NewRequest("GET", url, nil) }
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"https://a.example/x", "https://a.example/y", true},
		{"http://localhost/x", "https://localhost/y", true},
		{"http://localhost/x", "http://localhost/y", true},
		{"https://a.example/x", "http://a.example/y", false},
		{"https://a.example/x", "https://b.example/y", false},
		{"https://a.example/x", "https://a.example:8443/y", false},
		{"https://localhost/x", "http://localhost/y", false},
	} {
		if err := Redirect(request(tt.to), []*http.Request{request(tt.from)}); (err == nil) != tt.ok {
			t.Errorf("from %s to %s: %v", tt.from, tt.to, err)
		}
	}
}
