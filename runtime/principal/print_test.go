package principal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/principal"
)

// No verb of fmt prints claims.
func TestClaimsAreNotPrinted(t *testing.T) {
	p := principal.Principal{Scheme: "bearer", Issuer: "i", Subject: "ada", Claims: map[string]any{"email": "S3CRET", "n": 73519}}
	for _, v := range []any{p, &p, p.Caller(), []principal.Principal{p}, struct{ P *principal.Principal }{&p}} {
		for _, verb := range "vsqxXdboOeEfFgGcUt!z" {
			for _, flags := range []string{"", "+", "#", " ", "020"} {
				format := "%" + flags + string(verb)
				if text := fmt.Sprintf(format, v); strings.Contains(text, "S3CRET") || strings.Contains(text, "73519") || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", "S3CRET")) {
					t.Errorf("%s of %T: %s", format, v, text)
				}
			}
		}
	}
	for format, want := range map[string]string{"%v": "bearer:i:ada", "%s": "bearer:i:ada", "%+v": "bearer:i:ada", "%#v": "principal.Principal{bearer:i:ada}", "%q": `"bearer:i:ada"`, "%15s": "   bearer:i:ada"} {
		if got := fmt.Sprintf(format, p); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}
