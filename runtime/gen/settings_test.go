package gen

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/principal"
)

// TestAddresses holds what Config may give to the table that the generator is held to.
func TestAddresses(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../testdata/addresses.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		kind, address, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || kind == "#" {
			continue
		}
		rows++
		if got := isAddress(address); got != (kind != "none") {
			t.Errorf("isAddress(%q) = %v", address, got)
		}
		if got := isIssuer(address); got != (kind == "issuer") {
			t.Errorf("isIssuer(%q) = %v", address, got)
		}
	}
	if rows < 20 {
		t.Errorf("%d rows", rows)
	}
}

// environment is a configuration as generated code declares one.
type environment struct {
	runtime.Config
	Login          jwt.KeySource
	LoginIssuer    string
	LoginAudiences []string
	LoginJWKS      string
}

var loginSettings = []Setting{
	{Field: "LoginIssuer", Scheme: "login", Member: "issuer", At: "a.yaml:1:1", Required: true},
	{Field: "LoginAudiences", Scheme: "login", Member: "audiences", At: "a.yaml:2:1", Texts: []string{"api"}},
	{Field: "LoginJWKS", Scheme: "login", Member: "jwks", At: "a.yaml:3:1", Required: true, Unless: "Login"},
}

// TestSettings: each value that is missing or breaks a rule is named, all at once, and no message holds a value.
func TestSettings(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	long := strings.Repeat("a", maxSettingText+1)
	for _, test := range []struct {
		name string
		cfg  environment
		want []string
	}{
		{"good", environment{LoginIssuer: "https://a.example", LoginJWKS: "https://a.example/keys"}, nil},
		{"keys of the program", environment{LoginIssuer: "https://a.example", Login: jwt.Inline("x"), LoginAudiences: []string{"a", "b"}}, nil},
		{"nothing", environment{}, []string{
			"Config.LoginIssuer is missing: the document leaves issuer of the scheme login to it (a.yaml:1:1)",
			"Config.LoginJWKS is missing, as is Config.Login: the document leaves jwks of the scheme login to it (a.yaml:3:1)",
		}},
		{"all wrong", environment{LoginIssuer: "http://" + secret + ".example", LoginAudiences: []string{""}, LoginJWKS: "https://a:" + secret + "@a.example"}, []string{
			"Config.LoginIssuer is no issuer: an https URL without user, query and fragment (http only for this machine: localhost, 127.0.0.1)",
			"Config.LoginAudiences has an empty text",
			"Config.LoginJWKS is not an https URL without user or fragment (http only for this machine: localhost, 127.0.0.1)",
		}},
		{"both", environment{LoginIssuer: "https://a.example", Login: jwt.Inline("x"), LoginJWKS: "https://a.example/keys"}, []string{
			"Config.LoginJWKS is set beside Config.Login, which gives the same",
		}},
		{"texts", environment{LoginIssuer: "https://a.example/" + long, LoginAudiences: []string{"a", "a"}, LoginJWKS: "https://${HOST}/keys"}, []string{
			"Config.LoginIssuer has a text of 519 bytes, more than 500", "Config.LoginAudiences has a text twice",
			"Config.LoginJWKS has a placeholder, such as ${NAME}, which nothing replaces",
		}},
		{"many", environment{LoginIssuer: "https://a.example", Login: jwt.Inline("x"), LoginAudiences: make([]string, maxSettingTexts+1)}, []string{
			"Config.LoginAudiences has 101 items, more than 100",
		}},
	} {
		b := New(Setup{Settings: loginSettings, Given: &test.cfg})
		var got []string
		for _, err := range b.errs {
			got = append(got, err.Error())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if strings.Contains(strings.Join(got, " "), secret) {
			t.Errorf("%s: a value is printed: %q", test.name, got)
		}
	}
}

// TestSettingsFail: a scheme whose settings are wrong is not made, and the server does not start.
func TestSettingsFail(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]any{"missing": &environment{}, "no Config": nil, "no pointer": environment{}, "no field": &struct{ Config int }{}, "another type": &struct{ LoginIssuer, LoginAudiences, LoginJWKS int }{}} {
		b := New(Setup{Settings: loginSettings, Given: given})
		made := false
		b.Scheme("login", func(*principal.Table) (auth.Authenticator, error) { made = true; return tokens{}, nil })
		Mount(b, &Operation{ID: "a", Method: http.MethodGet, Path: "/a", Access: Require(Requirement{{Scheme: "login"}})}, noteOpen)
		if _, err := b.Server(); err == nil {
			t.Errorf("%s: the server starts", name)
		}
		if made && (name == "missing" || name == "no field" || name == "another type") {
			t.Errorf("%s: the scheme is made without its settings", name)
		}
	}
}
