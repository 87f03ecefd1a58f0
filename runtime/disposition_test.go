package runtime

import (
	"mime"
	"strings"
	"testing"
)

func TestAttachment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.pdf":                `attachment; filename="a.pdf"`,
		"a b;c.pdf":            `attachment; filename="a b;c.pdf"`,
		"":                     `attachment`,
		"..":                   `attachment`,
		"\r\n":                 `attachment`,
		"../../etc/passwd":     `attachment; filename="passwd"`,
		`C:\x\y.txt`:           `attachment; filename="y.txt"`,
		`a"; x="b`:             `attachment; filename="a_; x=_b"; filename*=UTF-8''a%22%3B%20x%3D%22b`,
		"a\r\nSet-Cookie: b=c": `attachment; filename="aSet-Cookie: b=c"`,
		"Prüfung €.pdf":        `attachment; filename="Pr_fung _.pdf"; filename*=UTF-8''Pr%C3%BCfung%20%E2%82%AC.pdf`,
		"100%.txt":             `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`,
		"\xffa":                `attachment; filename="a"`,
		"\u0085a":              `attachment; filename="a"`,
	} {
		if got := Attachment(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if got := Inline("a"); got != `inline; filename="a"` {
		t.Errorf("inline: %s", got)
	}
}

// FuzzAttachment: one value comes out whatever goes in, and package mime reads in it no more
// than a name.
func FuzzAttachment(f *testing.F) {
	f.Add("a\"; filename=b\r\nX: y")
	f.Fuzz(func(t *testing.T, name string) {
		value := Attachment(name)
		kind, params, err := mime.ParseMediaType(value)
		if err != nil || kind != "attachment" || len(params) > 1 || strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 || strings.ContainsAny(params["filename"], "/\\\r\n\x00") {
			t.Errorf("%q: %q, %s %v, %v", name, value, kind, params, err)
		}
	})
}
