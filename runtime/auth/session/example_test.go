package session_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A handler begins a session when somebody has logged in, and ends it when they log out.
func Example() {
	store, err := session.NewMemory(session.MemoryConfig{})
	if err != nil {
		panic(err)
	}
	sessions, err := session.New(store)
	if err != nil {
		panic(err)
	}
	// Generated code does this, with the policy of the document and the sessions of Config.
	a, err := sessions.Serve(session.Policy{Scheme: "browser", Cookie: "__Host-session"}, principal.NewTable([]string{"accounts:read"}, nil))
	if err != nil {
		panic(err)
	}

	ctx := context.Background()
	setCookie, err := sessions.Begin(ctx, session.Who{Subject: "ada", Scopes: []string{"accounts:read"}}, nil)
	if err != nil {
		panic(err)
	}
	pair, attributes, _ := strings.Cut(setCookie, ";")
	fmt.Println(attributes)

	r := httptest.NewRequest("GET", "/accounts", nil)
	r.Header.Set("Cookie", pair) // as the browser does
	who, err := a.Authenticate(r)
	fmt.Println(who, err)

	if err := sessions.End(ctx, who.Caller()); err != nil {
		panic(err)
	}
	_, err = a.Authenticate(r)
	fmt.Println(err)
	// Output:
	// Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax
	// browser::ada <nil>
	// auth: refused: session-unknown
}
