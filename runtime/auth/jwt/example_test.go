package jwt_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Generated code calls New with the document's policy; the program gives the source of the keys.
func ExampleNew() {
	issuer, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "notes"})
	if err != nil {
		fmt.Println(err)
		return
	}
	policy := jwt.Policy{
		Scheme: "token", Issuer: "https://id.example", Audiences: []string{"notes"}, Algorithms: []string{"ES256"},
	}
	a, err := jwt.New(policy, issuer.Keys(), principal.NewTable([]string{"notes:read"}, nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	for _, audience := range []string{"notes", "mail"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+issuer.Token(map[string]any{"sub": "ada", "aud": audience, "scope": "notes:read"}))
		p, err := a.Authenticate(r)
		fmt.Println(p != nil, err != nil)
	}

	// Wrong: a policy without audiences would take tokens for any server of the issuer.
	policy.Audiences = nil
	_, err = jwt.New(policy, issuer.Keys(), nil)
	fmt.Println(err != nil)
	// Output:
	// true false
	// false true
	// true
}
