package introspect_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
)

// A client's secret is in nothing that prints it: no verb of fmt, alone or within something else,
// and no field that reflection finds.
func TestSecretIsNotPrinted(t *testing.T) {
	const secret = "S3CRET-VALUE-0123456789"
	c := introspect.Secret("client", secret)
	within := struct{ c introspect.Client }{c}
	for _, verb := range "vTsqxXdboOeEfFgGcUtp!z" {
		for _, flags := range []string{"", "+", "#", " ", "020"} {
			format := "%" + flags + string(verb)
			for _, text := range []string{fmt.Sprintf(format, c), fmt.Sprintf(format, within), fmt.Sprintf(format, &within)} {
				if lower := strings.ToLower(text); strings.Contains(text, secret) || strings.Contains(lower, fmt.Sprintf("%x", secret)) || strings.Contains(lower, fmt.Sprintf("% x", secret)) {
					t.Errorf("%s shows the secret: %s", format, text)
				}
			}
		}
	}
	if got := fmt.Sprint(c); got != "introspect.Secret(client)" {
		t.Errorf("got %q", got)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(c)) {
		if f.Type.Kind() == reflect.String && reflect.ValueOf(c).FieldByIndex(f.Index).String() == secret {
			t.Errorf("reflection finds the secret in %s", f.Name)
		}
	}
}
