package apikey_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A key is made, stored, and given to its holder, who comes with it.
func Example() {
	hash, err := apikey.ParseHashKeys("2026 MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=") // from a file, or the environment
	if err != nil {
		panic(err)
	}
	clear, key := hash.Generate("bank_")
	key.Subject, key.Scopes = "batch", []string{"reports:read"}

	store, err := apikey.Static(key) // or apikey.File, or apikeysql.New
	if err != nil {
		panic(err)
	}
	// Generated code does this, with the policy of the document and the keys of Config.
	table := principal.NewTable([]string{"reports:read"}, nil)
	a, err := apikey.New(apikey.Policy{Scheme: "batchKey", In: "header", Name: "X-Api-Key", Prefix: "bank_"}, apikey.Keys{Store: store, Hash: hash}, table)
	if err != nil {
		panic(err)
	}

	r := httptest.NewRequest("GET", "/reports", nil)
	r.Header.Set("X-Api-Key", clear)
	who, err := a.Authenticate(r)
	fmt.Println(who, err)

	r.Header.Set("X-Api-Key", clear+"x")
	_, err = a.Authenticate(r)
	fmt.Println(err)
	// Output:
	// batchKey::batch <nil>
	// auth: refused: api-key-malformed
}
