package load

import (
	"strings"
	"testing"
)

// TestFileName: a reference leads to a file of the document's folder, written with slashes, or is
// refused. The answer is the same on each system: none of the names depends on package filepath.
func TestFileName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, uri, want string }{ // want is a name, or a part of what is said
		{"openapi.yaml", "a.yaml", "a.yaml"},
		{"openapi.yaml", "./a.yaml", "a.yaml"},
		{"openapi.yaml", "sub/a.yaml", "sub/a.yaml"},
		{"openapi.yaml", "sub//a.yaml", "sub/a.yaml"},
		{"openapi.yaml", "a%20b.yaml", "a b.yaml"},
		{"sub/x.yaml", "../a.yaml", "a.yaml"},
		{"sub/x.yaml", "a.yaml", "sub/a.yaml"},
		{"openapi.yaml", "100%.yaml", "100%.yaml"},
		{"openapi.yaml", "./c:a.yaml", "c:a.yaml"}, // a name on Linux; Windows opens nothing with a colon
		{"openapi.yaml", "sub/c:a.yaml", "sub/c:a.yaml"},

		{"openapi.yaml", "../a.yaml", "leads out of"},
		{"openapi.yaml", "%2e%2e/a.yaml", "leads out of"},
		{"openapi.yaml", "..%2Fa.yaml", "leads out of"},
		{"openapi.yaml", "sub/../../doc/a.yaml", "leads out of"},
		{"openapi.yaml", "/etc/passwd", "absolute"},
		{"openapi.yaml", "%2Fetc/passwd", "absolute"},
		{"openapi.yaml", "/C:/a.yaml", "absolute"},

		{"openapi.yaml", `sub\a.yaml`, "backslash"},
		{"openapi.yaml", `.\a.yaml`, "backslash"},
		{"openapi.yaml", `..\a.yaml`, "backslash"},
		{"openapi.yaml", `sub%5Ca.yaml`, "backslash"},
		{"openapi.yaml", `sub/..%5c..%5ca.yaml`, "backslash"},
		{"openapi.yaml", `\a.yaml`, "backslash"},

		{"openapi.yaml", `C:\a.yaml`, "absolute"},
		{"openapi.yaml", "C:/a.yaml", "absolute"},
		{"openapi.yaml", "c:a.yaml", "absolute"},
		{"openapi.yaml", "%43:/a.yaml", "absolute"},
		{"openapi.yaml", "C%3A/a.yaml", "absolute"},
		{"openapi.yaml", "C%3A%5Ca.yaml", "absolute"},
		{"openapi.yaml", `\\server\share\a.yaml`, "absolute"},
		{"openapi.yaml", `%5C%5Cserver/share/a.yaml`, "absolute"},
		{"openapi.yaml", `\\?\C:\a.yaml`, "absolute"},

		{"openapi.yaml", "//server/share/a.yaml", "another place"},
		{"openapi.yaml", "file:///etc/passwd", "another place"},
		{"openapi.yaml", "file:///C:/a.yaml", "another place"},
		{"openapi.yaml", "file://server/share/a.yaml", "another place"},
		{"openapi.yaml", "FILE:a.yaml", "another place"},
		{"openapi.yaml", `file:\\C:\a.yaml`, "another place"},
		{"openapi.yaml", "https://a.example/a.yaml", "another place"},
		{"openapi.yaml", "urn:a", "another place"},
		{"openapi.yaml", "a%00.yaml", "no path of a document"},
	} {
		name, err := fileName(test.from, test.uri)
		got := name
		if err != nil {
			got = err.why
		}
		if err == nil && got != test.want || err != nil && !strings.Contains(got, test.want) {
			t.Errorf("%s in %s: %q, want %q", test.uri, test.from, got, test.want)
		}
		if err == nil && strings.ContainsAny(name, "\\\x00") {
			t.Errorf("%s: %q divides folders in another way than by a slash", test.uri, name)
		}
	}
}
