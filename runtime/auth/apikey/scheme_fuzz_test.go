package apikey_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// FuzzAuthScheme: whatever Authorization holds, a caller gets in with the key alone, at its place, behind the scheme.
func FuzzAuthScheme(f *testing.F) {
	const key = "9dK2mQ7xT4vB1nR8"
	for _, seed := range []string{"", "Token " + key, "Bearer " + key, "Token token=" + key, `Token token="` + key + `"`, "Basic OWRLMm1RN3hUNHZCMW5SODo=", "Basic " + key, "token\t" + key, key, "Token token=" + key + ",a=b", "Basic Og=="} {
		f.Add(seed)
	}
	k, err := ring.Import(key, apikey.Strength{})
	if err != nil {
		f.Fatal(err)
	}
	k.Subject = "shop"
	var all []*apikey.Authenticator
	for _, scheme := range [][2]string{{"Bearer", ""}, {"Token", ""}, {"Token", "token"}, {"Basic", ""}} {
		p := behind(scheme[0], scheme[1])
		p.Prefix, p.Opaque = "", true
		all = append(all, open(f, p, static(f, k)))
	}
	f.Fuzz(func(t *testing.T, value string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Authorization"] = []string{value}
		lower := strings.ToLower(value)
		want := []bool{
			strings.HasPrefix(lower, "bearer ") && strings.TrimLeft(value[min(7, len(value)):], " ") == key,
			strings.HasPrefix(lower, "token ") && strings.TrimLeft(value[min(6, len(value)):], " ") == key,
			strings.HasPrefix(lower, "token ") && (strings.HasSuffix(value, "="+key) || strings.HasSuffix(value, `="`+key+`"`)),
			strings.HasPrefix(lower, "basic ") && strings.HasSuffix(value, " OWRLMm1RN3hUNHZCMW5SODo="),
		}
		for i, a := range all {
			if p, err := a.Authenticate(r); (p != nil) != (err == nil) || p != nil && !want[i] {
				t.Errorf("%q gets in by scheme %d: %v, %v", value, i, p, err)
			}
		}
	})
}
