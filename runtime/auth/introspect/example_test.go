package introspect_test

import (
	"fmt"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
)

// A client's secret is printed nowhere.
func ExampleSecret() {
	client := introspect.Secret("notes", "correct horse battery staple")
	fmt.Printf("%v %+v %d\n", client, client, client)
	// Output: introspect.Secret(notes) introspect.Secret(notes) introspect.Secret(notes)
}
