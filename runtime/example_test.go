package runtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bailey-go/bailey/runtime"
)

// An optional member is a value that may not be there. Its zero value is absent.
func ExampleOpt() {
	note := runtime.Some("a note")
	var none runtime.Opt[string]
	text, ok := note.Get()
	fmt.Printf("%q %v\n", text, ok)
	fmt.Printf("%q\n", runtime.Or(none, "no note"))

	// Wrong: the field alone does not tell an absent text from an empty one.
	fmt.Printf("%q\n", none.Value)
	// Output:
	// "a note" true
	// "no note"
	// ""
}

// A member that is optional and nullable has three states, and JSON keeps them apart.
func ExampleNull() {
	type patch struct {
		Name runtime.Opt[runtime.Null[string]] `json:"name,omitzero"`
	}
	for _, text := range []string{`{}`, `{"name":null}`, `{"name":"ada"}`} {
		var p patch
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			fmt.Println(err)
			return
		}
		out, _ := json.Marshal(p)
		fmt.Println(p.Name.Set, string(out))
	}
	// Output:
	// false {}
	// true {"name":null}
	// true {"name":"ada"}
}

// Attachment makes a Content-Disposition that no file name can break out of.
func ExampleAttachment() {
	fmt.Println(runtime.Attachment("report.pdf"))
	fmt.Println(runtime.Attachment("a\"b\r\nSet-Cookie: x.txt"))

	// Wrong: a name that comes from a client ends the quoted string.
	fmt.Printf("attachment; filename=\"%s\"\n", `x"; filename="evil.exe`)
	// Output:
	// attachment; filename="report.pdf"
	// attachment; filename="a_bSet-Cookie: x.txt"; filename*=UTF-8''a%22bSet-Cookie%3A%20x.txt
	// attachment; filename="x"; filename="evil.exe"
}

// NewFile makes a file for the test of a handler.
func ExampleNewFile() {
	f := runtime.NewFile("notes.txt", "text/plain", []byte("hello"))
	text, err := io.ReadAll(f.Open())
	fmt.Println(f.Name, f.Size(), string(text), err)
	// Output: notes.txt 5 hello <nil>
}

// An authorizer denies by ErrDenied, which may be wrapped, and says by ErrUnavailable that it cannot
// decide.
func ExampleErrDenied() {
	err := fmt.Errorf("bob is no editor: %w", runtime.ErrDenied)
	fmt.Println(errors.Is(err, runtime.ErrDenied), errors.Is(err, runtime.ErrUnavailable))
	// Output: true false
}
