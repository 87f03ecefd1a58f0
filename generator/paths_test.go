package generator

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestWrongPath: paths of each style, as each system takes them.
func TestWrongPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path           string
		style          pathStyle
		linux, windows string // a part of what is wrong there
	}{
		{"", plainPath, "", ""},
		{"openapi.yaml", plainPath, "", ""},
		{"api/openapi.yaml", plainPath, "", ""},
		{"../api/openapi.yaml", plainPath, "", ""},
		{`api\openapi.yaml`, plainPath, "backslash", ""},
		{`.\openapi.yaml`, plainPath, "backslash", ""},
		{"a:b.yaml", driveRelative, "path of Windows", "current folder of a drive"},
		{"./a:b.yaml", plainPath, "", ""},
		{"ab:c.yaml", plainPath, "", ""},
		{"/srv/openapi.yaml", rootedPath, "", ""},
		{`\srv\openapi.yaml`, rootedPath, "backslash", ""},
		{`C:\srv\openapi.yaml`, drivePath, "path of Windows", ""},
		{"c:/srv/openapi.yaml", drivePath, "path of Windows", ""},
		{"C:openapi.yaml", driveRelative, "path of Windows", "current folder of a drive"},
		{`\\server\share\openapi.yaml`, sharePath, "path of Windows", ""},
		{"//server/share/openapi.yaml", sharePath, "", ""}, // POSIX lets // be what / is
		{`\\?\C:\openapi.yaml`, sharePath, "path of Windows", ""},
		{"//", rootedPath, "", ""},
		{"file:///srv/openapi.yaml", urlPath, "is a URL", "is a URL"},
		{"file:///C:/srv/openapi.yaml", urlPath, "is a URL", "is a URL"},
		{"FILE:openapi.yaml", urlPath, "is a URL", "is a URL"},
		{"https://a.example/openapi.yaml", urlPath, "is a URL", "is a URL"},
		{"c://a", drivePath, "path of Windows", ""},
	} {
		if got := styleOf(test.path); got != test.style {
			t.Errorf("%s: style %d, want %d", test.path, got, test.style)
		}
		for goos, want := range map[string]string{"linux": test.linux, "darwin": test.linux, "windows": test.windows} {
			got := wrongPath(goos, test.path, func(string) bool { return false })
			if (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("%s on %s: %q, want %q", test.path, goos, got, want)
			}
		}
		// What is there is meant, whatever it is called. A URL is not.
		if got := wrongPath("linux", test.path, func(string) bool { return true }); (got != "") != (test.style == urlPath) {
			t.Errorf("%s, which is there: %q", test.path, got)
		}
	}
}

// TestBeside: a path of bailey.yaml is relative to its folder, and a path that says where it begins is not moved there.
func TestBeside(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, slash, back string }{
		{"a/b.yaml", "/etc/app/a/b.yaml", `C:\app\a/b.yaml`},
		{`a\b.yaml`, `/etc/app/a\b.yaml`, `C:\app\a\b.yaml`},
		{"/a/b.yaml", "/a/b.yaml", "/a/b.yaml"},
		{`\a\b.yaml`, `\a\b.yaml`, `\a\b.yaml`},
		{`D:\b.yaml`, `D:\b.yaml`, `D:\b.yaml`},
		{"D:b.yaml", "D:b.yaml", "D:b.yaml"},
		{`\\server\share\b.yaml`, `\\server\share\b.yaml`, `\\server\share\b.yaml`},
		{"file:///b.yaml", "file:///b.yaml", "file:///b.yaml"},
	} {
		for _, s := range []struct{ dir, between, want string }{{"/etc/app", "/", test.slash}, {`C:\app`, `\`, test.back}} {
			if got := beside(s.dir, test.path, func(dir, p string) string { return dir + s.between + p }); got != s.want {
				t.Errorf("%s in %s: %s, want %s", test.path, s.dir, got, s.want)
			}
		}
	}
}

// TestPathsOfOthers: the command line and bailey.yaml name the path that cannot be meant, before anything is read or written.
func TestPathsOfOthers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the paths are of Windows")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, ConfigName)
	for _, test := range []struct{ config, want string }{
		{"document: file:///srv/openapi.yaml\noutput: api\n", `document "file:///srv/openapi.yaml" is a URL`},
		{"document: 'C:\\srv\\openapi.yaml'\noutput: api\n", `document "C:\\srv\\openapi.yaml" is a path of Windows`},
		{"document: 'spec\\openapi.yaml'\noutput: api\n", `has a backslash`},
		{"document: openapi.yaml\noutput: 'D:/out/api'\n", `output "D:/out/api" is a path of Windows`},
		{"document: openapi.yaml\noutput: '\\\\server\\share\\api'\n", `is a path of Windows`},
		{"document: openapi.yaml\noutput: api\nroot: 'C:'\n", `root "C:" is a path of Windows`},
	} {
		if err := os.WriteFile(file, []byte(test.config), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := FindConfig("", file)
		if err != nil {
			t.Fatalf("%s: %v", test.config, err)
		}
		if _, err := Generate(cfg); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.config, err, test.want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d entries in the folder, %v", len(entries), err)
	}
}
