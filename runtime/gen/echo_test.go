package gen

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

// TestEcho: the fields that an operation declares have the request's id in all of its answers; ids of trusted proxies
// alone are taken, and where the document says so UUIDs alone.
func TestEcho(t *testing.T) {
	const uuid = "123e4567-e89b-42d3-a456-426614174000"
	for name, tt := range map[string]struct {
		echo   []Echo
		remote string
		trust  bool
		given  http.Header
		want   map[string]string // "" for a new id
	}{
		"nothing declared":   {nil, "10.0.0.1:1", true, http.Header{"X-Correlation-Id": {"of-a-proxy"}}, map[string]string{"X-Request-Id": ""}},
		"new":                {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", true, nil, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"of a proxy":         {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", true, http.Header{"X-Correlation-Id": {"of-a-proxy"}}, map[string]string{"X-Request-Id": "of-a-proxy", "X-Correlation-Id": "of-a-proxy"}},
		"both":               {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", true, http.Header{"X-Correlation-Id": {"of-a-proxy"}, "X-Request-Id": {"another-id"}}, map[string]string{"X-Request-Id": "another-id", "X-Correlation-Id": "of-a-proxy"}},
		"of a stranger":      {[]Echo{{Name: "X-Correlation-Id"}}, "192.0.2.1:1", true, http.Header{"X-Correlation-Id": {"of-a-proxy"}, "X-Request-Id": {"another-id"}}, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"without an address": {[]Echo{{Name: "X-Correlation-Id"}}, "@", true, http.Header{"X-Correlation-Id": {"of-a-proxy"}, "X-Request-Id": {"another-id"}}, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"not asked for":      {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", false, http.Header{"X-Correlation-Id": {"of-a-proxy"}, "X-Request-Id": {"another-id"}}, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"twice":              {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", true, http.Header{"X-Correlation-Id": {"of-a-proxy", "of-a-client"}}, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"hostile":            {[]Echo{{Name: "X-Correlation-Id"}}, "10.0.0.1:1", true, http.Header{"X-Correlation-Id": {"a b\r\nSet-Cookie: a"}, "X-Request-Id": {strings.Repeat("a", 65)}}, map[string]string{"X-Request-Id": "", "X-Correlation-Id": ""}},
		"a UUID":             {[]Echo{{Name: "X-Fapi-Interaction-Id", UUID: true}}, "10.0.0.1:1", true, http.Header{"X-Fapi-Interaction-Id": {uuid}}, map[string]string{"X-Request-Id": uuid, "X-Fapi-Interaction-Id": uuid}},
		"no UUID":            {[]Echo{{Name: "X-Fapi-Interaction-Id", UUID: true}}, "10.0.0.1:1", true, http.Header{"X-Fapi-Interaction-Id": {"of-a-proxy"}, "X-Request-Id": {"another-id"}}, map[string]string{"X-Request-Id": "uuid", "X-Fapi-Interaction-Id": "uuid"}},
		"new UUID":           {[]Echo{{Name: "X-Fapi-Interaction-Id", UUID: true}, {Name: "X-Correlation-Id"}}, "192.0.2.1:1", true, nil, map[string]string{"X-Request-Id": "uuid", "X-Fapi-Interaction-Id": "uuid", "X-Correlation-Id": "uuid"}},
	} {
		var sink events
		inside := ""
		s, err := newServer(t, &sink, func(b *Builder, op *Operation) {
			b.setup.Config.TrustedProxies, b.setup.Config.TrustRequestID = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, tt.trust
			op.Echo = tt.echo
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"ada", "nobody"} { // an answer and a refusal
			r := httptest.NewRequest("PUT", "/users/ada/note", strings.NewReader(`{"text":"hello"}`))
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Content-Type", "application/json")
			for field, values := range tt.given {
				r.Header[field] = values
			}
			r.RemoteAddr = tt.remote
			s.config.Observe = func(_ context.Context, a *runtime.Answer) { inside = a.RequestID }
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			id := w.Header().Get("X-Request-Id")
			if inside != id || token == "nobody" && sink.last().RequestID != id {
				t.Errorf("%s: the answer has %q, Observe %q, the event %q", name, id, inside, sink.last().RequestID)
			}
			for _, field := range []string{"X-Request-Id", "X-Correlation-Id", "X-Fapi-Interaction-Id"} {
				got, want := w.Header()[field], tt.want[field]
				_, declared := tt.want[field]
				switch {
				case !declared && got == nil:
				case len(got) != 1:
					t.Errorf("%s, %s: %s is %q", name, token, field, got)
				case want == "" && len(got[0]) == 32 && got[0] == id, want == "uuid" && isUUID(got[0]) && got[0] == id && got[0][14] == '8', want == got[0]:
				default:
					t.Errorf("%s, %s: %s is %q, want %q", name, token, field, got, want)
				}
			}
		}
	}
	_, err := newServer(t, nil, func(b *Builder, _ *Operation) { b.setup.Config.TrustRequestID = true })
	if err == nil || !strings.Contains(err.Error(), "Config.TrustRequestID takes ids from Config.TrustedProxies") {
		t.Errorf("ids of nobody: %v", err)
	}
	for text, want := range map[string]bool{uuid: true, strings.ToUpper(uuid): true, "": false, strings.ReplaceAll(uuid, "-", "a"): false, "g" + uuid[1:]: false, uuid + "a": false, "-" + uuid[1:]: false} {
		if isUUID(text) != want {
			t.Errorf("isUUID(%q) = %v", text, !want)
		}
	}
}
