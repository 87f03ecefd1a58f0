package mask_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/mask"
)

func TestForms(t *testing.T) {
	tests := []struct {
		name     string
		form     func(string) string
		in, want string
	}{
		{"redact", mask.Redact, "x", "********"},
		{"redact empty", mask.Redact, "", "********"},
		{"last4", mask.Last4, "DE89370400440532013000", "********3000"},
		{"last4 eight", mask.Last4, "12345678", "********5678"},
		{"last4 seven", mask.Last4, "1234567", "********"},
		{"last4 empty", mask.Last4, "", "********"},
		{"last4 runes", mask.Last4, "äöüßäöüß", "********äöüß"},
		{"last4 few runes, many bytes", mask.Last4, "日本語", "********"},
		{"last4 not UTF-8", mask.Last4, "12345678\xff", "********"},
		{"pan", mask.First6Last4, "4242424242424242", "424242********4242"},
		{"pan with spaces", mask.First6Last4, "4242 4242-4242 4241", "424242********4241"},
		{"pan amex", mask.First6Last4, "378282246310005", "378282********0005"},
		{"pan 19", mask.First6Last4, "6304000000000000123", "630400********0123"},
		{"pan 20", mask.First6Last4, "63040000000000001234", "********"},
		{"pan 14", mask.First6Last4, "42424242424242", "********"},
		{"pan letters", mask.First6Last4, "424242424242424a", "********"},
		{"pan wide digits", mask.First6Last4, "\uff14242424242424242", "********"},
		{"email", mask.Email, "jane@example.com", "j***@example.com"},
		{"email short", mask.Email, "jo@example.com", "***@example.com"},
		{"email rune", mask.Email, "äbc@example.com", "ä***@example.com"},
		{"email two at", mask.Email, "a@b@example.com", "a***@example.com"},
		{"email none", mask.Email, "jane", "********"},
		{"email no local", mask.Email, "@example.com", "********"},
		{"email no domain", mask.Email, "jane@", "********"},
		{"email with a name behind", mask.Email, "<jane@example.com> Jane Doe", "********"},
		{"email quoted", mask.Email, `"jane doe"@example.com`, "********"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.form(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHash(t *testing.T) {
	key, other := []byte("0123456789abcdef"), []byte("0123456789abcdeF")
	a := mask.Hash(key, "value")
	if len(a) != 22 || a != mask.Hash(key, "value") || a == mask.Hash(other, "value") || a == mask.Hash(key, "Value") {
		t.Errorf("Hash is not a keyed function of its value: %q", a)
	}
	for _, weak := range [][]byte{nil, {}, []byte("short")} {
		if got := mask.Hash(weak, "value"); got != mask.Redacted {
			t.Errorf("Hash under a key of %d bytes = %q, want %q", len(weak), got, mask.Redacted)
		}
		if mask.CheckHashKey(weak) == nil {
			t.Errorf("a key of %d bytes passes", len(weak))
		}
	}
	if err := mask.CheckHashKey(key); err != nil {
		t.Error(err)
	}
}

// FuzzForms holds what every form promises: valid UTF-8, bounded, and never more than it says.
func FuzzForms(f *testing.F) {
	for _, seed := range []string{"", "4242424242424242", "jane@example.com", "äöüßäöüß", "\xff@a", "a\x00b@c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, form := range map[string]func(string) string{
			"redact": mask.Redact, "last4": mask.Last4, "first6last4": mask.First6Last4, "email": mask.Email,
		} {
			got := form(s)
			if !utf8.ValidString(got) || len(got) > 300 {
				t.Errorf("%s(%q) = %q", name, s, got)
			}
			if utf8.RuneCountInString(s) >= 5 && strings.Contains(got, s) && !strings.Contains(mask.Redacted, s) {
				t.Errorf("%s(%q) = %q: shows all of it", name, s, got)
			}
		}
	})
}
