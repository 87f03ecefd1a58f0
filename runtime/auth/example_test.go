package auth_test

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// signed authenticates by a header field of the program's own.
type signed struct{ secret string }

// Authenticate tells an absent credential (ErrMissing) from a bad one, and repeats neither in its error.
func (s signed) Authenticate(r *http.Request) (*principal.Principal, error) {
	given := r.Header.Get("X-Service-Secret")
	if given == "" {
		return nil, auth.ErrMissing
	}
	if subtle.ConstantTimeCompare([]byte(given), []byte(s.secret)) == 0 {
		return nil, &auth.Refused{Rule: "service-secret"}
	}
	return &principal.Principal{Subject: "billing", Scheme: "service"}, nil
}

// A scheme without a policy of bailey's takes an Authenticator of the program.
func ExampleAuthenticator() {
	var a auth.Authenticator = signed{"correct horse"}
	for _, secret := range []string{"", "wrong", "correct horse"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Service-Secret", secret)
		p, err := a.Authenticate(r)
		fmt.Println(p != nil, errors.Is(err, auth.ErrMissing), err != nil)
	}
	// Output:
	// false true true
	// false false true
	// true false false
}
