package mask_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"github.com/bailey-go/bailey/runtime/mask"
)

// A masked text prints masked everywhere; only RevealString returns it.
func ExampleString() {
	email := mask.NewString("ada@example.com")
	fmt.Println(email)
	fmt.Printf("%+v %q %s\n", struct{ Email mask.String }{email}, email, email.RevealString())
	text, err := json.Marshal(email)
	fmt.Println(string(text), err)
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log.Info("login", "email", email)
	// Output:
	// ********
	// {Email:********} ******** ada@example.com
	// "********" <nil>
	// level=INFO msg=login email=********
}

// Value masks a value of any type.
func ExampleValue() {
	salary := mask.NewValue(52000)
	fmt.Println(salary, salary.RevealValue()+1, salary.Equal(mask.NewValue(52000)))
	// Output: ******** 52001 true
}

// The ways of masking that x-bailey-mask names. Each shows a mask of one length, whatever the value's is.
func ExampleEmail() {
	fmt.Println(mask.Email("ada@example.com"))
	fmt.Println(mask.Last4("4111111111111111"))
	fmt.Println(mask.First6Last4("4111111111111111"))
	fmt.Println(mask.Redact("anything"))
	// Output:
	// a***@example.com
	// ********1111
	// 411111********1111
	// ********
}

// Wrong: encoding/gob and databases would store the mask in place of the value. They get an error.
func ExampleString_Value() {
	_, err := mask.NewString("ada@example.com").Value()
	fmt.Println(err)
	// Output: mask: a masked value is not encoded for storage
}
