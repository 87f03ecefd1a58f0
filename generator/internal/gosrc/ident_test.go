package gosrc

import (
	"go/token"
	"strings"
	"testing"
)

func TestExported(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ words, want string }{
		{"user_id", "UserID"},
		{"userId", "UserID"},
		{"userIds", "UserIDs"},
		{"userIDs", "UserIDs"},
		{"list pets", "ListPets"},
		{"HTTPServer", "HTTPServer"},
		{"https-url", "HTTPSURL"},
		{"getUserById", "GetUserByID"},
		{"APIKeyURL", "APIKeyURL"},
		{"FindCustomers", "FindCustomers"},
		{"PENDING_REVIEW", "PendingReview"},
		{"ACTIVE", "Active"},
		{"EUR", "EUR"},
		{"ssn", "SSN"},
		{"pii_class", "PIIClass"},
		{"line1", "Line1"},
		{"v1.2", "V1_2"},
		{"id2", "ID2"},
		{"ipv4", "IPv4"},
		{"oauth2Token", "OAuth2Token"},
		{"statusess", "Statusess"},
		{"2fa", "X2fa"},
		{"404", "X404"},
		{"+1", "Plus1"},
		{"-1", "Minus1"},
		{">=", "GreaterEqual"},
		{"*", "Star"},
		{"$ref", "Ref"},
		{"_", "Underscore"},
		{"", "X"},
		{"\n", "X0a"},
		{"\x00\xff", "X00ff"},
		{"日本", "X日本"},
		{"straße", "Straße"},
		{"élan", "Élan"},
		{"a\u202eb", "AB"},
		{"x\u3164y", "XY"},
		{"func(){panic(1)}()", "FuncPanic1"},
		{"GET /users/{id}", "GETUsersID"},
		{"get /users/{id}", "GetUsersID"},
	} {
		if got := Exported(test.words).String(); got != test.want {
			t.Errorf("Exported(%q) = %q, want %q", test.words, got, test.want)
		}
	}
}

func TestUnexported(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ words, want string }{
		{"HTTP server", "httpServer"},
		{"ID", "id"},
		{"user id", "userID"},
		{"type", "typeValue"},
		{"string", "stringValue"},
		{"init", "initValue"},
		{"2fa", "x2fa"},
		{"", "xX"},
		{"pattern OrderID", "patternOrderID"},
	} {
		if got := Unexported(test.words).String(); got != test.want {
			t.Errorf("Unexported(%q) = %q, want %q", test.words, got, test.want)
		}
	}
}

func TestNewIdent(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"User", "x", "_x", "Straße", "api", "main"} {
		if got, err := NewIdent(good); err != nil || got.String() != good {
			t.Errorf("NewIdent(%q) = %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", "_", "init", "func", "string", "nil", "error", "append", "2x", "a b", "a-b", "a\nb", "a.b", "x\u3164",
		"a\xff", "a\u202e", "a;b", strings.Repeat("a", MaxIdent+1),
	} {
		if got, err := NewIdent(bad); err == nil {
			t.Errorf("NewIdent(%q) = %q, want an error", bad, got)
		}
	}
}

func TestPlus(t *testing.T) {
	t.Parallel()
	user := Exported("user")
	for _, test := range []struct{ got, want string }{
		{user.Plus("Input").String(), "UserInput"},
		{user.Plus("2").String(), "User2"},
		{user.Plus("; import \"os\"\n//").String(), "Userimportos"},
		{user.With("404").String(), "User404"},
		{user.With("not found").String(), "UserNotFound"},
		{user.With("").String(), "UserX"},
		{Exported("v2").With("404").String(), "V2_404"},
		{Ident{}.Plus("a b").String(), "Ab"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestIdentIsBounded(t *testing.T) {
	t.Parallel()
	a, b := Exported(strings.Repeat("é", 5000)+"a"), Exported(strings.Repeat("é", 5000)+"b")
	for _, i := range []Ident{a, b, a.Plus(strings.Repeat("x", 500)), Unexported(strings.Repeat("word ", 500))} {
		if len(i.String()) > MaxIdent || !token.IsIdentifier(i.String()) {
			t.Errorf("%q: %d bytes, want an identifier of at most %d", i, len(i.String()), MaxIdent)
		}
	}
	if a == b {
		t.Errorf("two long texts have one name: %s", a)
	}
}
