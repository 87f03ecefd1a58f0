package auth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
)

func TestBearer(t *testing.T) {
	long := strings.Repeat("a", auth.MaxToken)
	tests := []struct {
		name   string
		values []string
		want   string
		rule   string // "" with no want: ErrMissing
	}{
		{"one", []string{"Bearer abc.def-_~+/=="}, "abc.def-_~+/==", ""},
		{"lower case", []string{"bearer abc"}, "abc", ""},
		{"mixed case", []string{"bEaReR abc"}, "abc", ""},
		{"several spaces", []string{"Bearer   abc"}, "abc", ""},
		{"longest", []string{"Bearer " + long}, long, ""},
		{"none", nil, "", ""},
		{"another scheme", []string{"Basic YTpi"}, "", ""},
		{"a longer scheme", []string{"BearerX abc"}, "", ""},
		{"no space", []string{"Bearerabc"}, "", ""},
		{"empty", []string{""}, "", ""},
		{"tab", []string{"Bearer\tabc"}, "", ""},
		{"another spelling", []string{"Be\u0430rer abc"}, "", ""}, // Cyrillic a
		{"two", []string{"Bearer abc", "Bearer abc"}, "", "authorization-repeated"},
		{"two, one of another scheme", []string{"Basic YTpi", "Bearer abc"}, "", "authorization-repeated"},
		{"two, one empty", []string{"Bearer abc", ""}, "", "authorization-repeated"},
		{"too long", []string{"Bearer " + long + "a"}, "", "token-too-long"},
		{"scheme only", []string{"Bearer"}, "", "authorization-malformed"},
		{"scheme and space", []string{"Bearer "}, "", "authorization-malformed"},
		{"a list", []string{"Bearer abc, Bearer def"}, "", "authorization-malformed"},
		{"two tokens", []string{"Bearer abc def"}, "", "authorization-malformed"},
		{"trailing space", []string{"Bearer abc "}, "", "authorization-malformed"},
		{"quoted", []string{`Bearer "abc"`}, "", "authorization-malformed"},
		{"padding only", []string{"Bearer =="}, "", "authorization-malformed"},
		{"padding inside", []string{"Bearer a=b"}, "", "authorization-malformed"},
		{"line break", []string{"Bearer abc\r\ndef"}, "", "authorization-malformed"},
		{"NUL", []string{"Bearer abc\x00"}, "", "authorization-malformed"},
		{"not ASCII", []string{"Bearer abcé"}, "", "authorization-malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := auth.Bearer(&http.Request{Header: http.Header{"Authorization": tt.values}})
			var refused *auth.Refused
			switch {
			case tt.rule != "":
				if !errors.As(err, &refused) || refused.Rule != tt.rule {
					t.Errorf("err = %v, want rule %s", err, tt.rule)
				}
			case tt.want == "":
				if !errors.Is(err, auth.ErrMissing) {
					t.Errorf("err = %v, want ErrMissing", err)
				}
			case err != nil:
				t.Errorf("err = %v", err)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBearerDoesNotAllocate(t *testing.T) {
	r := &http.Request{Header: http.Header{"Authorization": {"Bearer abc"}}}
	if n := testing.AllocsPerRun(100, func() { _, _ = auth.Bearer(r) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func TestBearerChallenge(t *testing.T) {
	tests := []struct {
		realm   string
		missing []string
		want    string
	}{
		{"", nil, `Bearer`},
		{"api", nil, `Bearer realm="api"`},
		{"a\"b", nil, `Bearer`},
		{"a\r\nSet-Cookie: x", nil, `Bearer`},
		{"api", []string{"read", "write"}, `Bearer realm="api", error="insufficient_scope", scope="read write"`},
		{"", []string{"read", `x"`, "a b", ""}, `Bearer error="insufficient_scope", scope="read"`},
		{"", []string{"\n"}, `Bearer error="insufficient_scope"`},
	}
	for _, tt := range tests {
		if got := auth.BearerChallenge(tt.realm, tt.missing); got != tt.want {
			t.Errorf("BearerChallenge(%q, %q) = %s, want %s", tt.realm, tt.missing, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("10.0.0.1 is down")
	err := error(&auth.Unavailable{Rule: "keys", Err: cause})
	if !errors.Is(err, cause) || strings.Contains(err.Error(), "10.0.0.1") {
		t.Errorf("err = %v", err)
	}
}

func TestBearerChallenges(t *testing.T) {
	for _, tt := range []struct {
		missing []string
		refused *auth.Refused
		want    string
	}{
		{nil, nil, `Bearer realm="api"`},
		{nil, &auth.Refused{Rule: "jwt-expired"}, `Bearer realm="api", error="invalid_token"`},
		{nil, &auth.Refused{Rule: "dpop", Code: "invalid_dpop_proof", Nonce: "n"}, `Bearer realm="api", error="invalid_token"`},
		{[]string{"read"}, nil, `Bearer realm="api", error="insufficient_scope", scope="read"`},
	} {
		if got := auth.BearerChallenges("api", tt.missing, tt.refused); len(got) != 1 || got[0] != tt.want {
			t.Errorf("BearerChallenges(%q, %v) = %q, want %q", tt.missing, tt.refused, got, tt.want)
		}
	}
}
