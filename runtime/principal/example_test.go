package principal_test

import (
	"fmt"

	"github.com/bailey-go/bailey/runtime/principal"
)

// The zero Caller is anonymous: it has no scope, role or claim.
func ExampleCaller() {
	var caller principal.Caller
	fmt.Println(caller.Anonymous(), caller.HasScope("notes:read"))

	// Wrong: a row without an owner would belong to every anonymous caller. Ask Anonymous first.
	owner := ""
	fmt.Println(caller.Subject() == owner, !caller.Anonymous() && caller.Subject() == owner)
	// Output:
	// true false
	// true false
}

// An authenticator of one's own fills a Principal; handlers get it as a Caller, which is read-only.
func ExamplePrincipal_Caller() {
	p := &principal.Principal{
		Subject: "ada", Issuer: "https://id.example", Scheme: "token",
		Scopes: []string{"notes:read"}, Roles: []string{"editor"},
		Claims: map[string]any{"groups": []any{"staff", "admins"}},
	}
	caller := p.Caller()
	fmt.Println(caller.Subject(), caller.HasScope("notes:read"), caller.HasScope("notes"), caller.HasRole("editor"))
	fmt.Println(caller.HasClaim("groups", "staff"), caller.HasClaim("groups", "guests"))
	// Output:
	// ada true false true
	// true false
}
