package keyfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

var noon = time.Unix(1_800_000_000, 0)

func write(t *testing.T, path, text string, mode os.FileMode, when time.Time) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

// seen is what one Poll gave: "-" for no call, "nil" for an unchanged file.
func seen(f *keyfile.File, now time.Time, err error) (string, error) {
	got := "-"
	failed := f.Poll(now, func(text []byte) error {
		if got = string(text); text == nil {
			got = "nil"
		}
		return err
	})
	return got, failed
}

func TestPoll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "one", 0o600, noon)
	f := keyfile.Open(path, 100, time.Second)
	bad := errors.New("bad")
	for i, step := range []struct {
		text string // written before, if not empty
		at   time.Duration
		err  error
		want string
	}{
		{"", 0, nil, "one"},
		{"", 0, nil, "-"},
		{"", 999 * time.Millisecond, nil, "-"},
		{"", time.Second, nil, "nil"},
		{"two", 1500 * time.Millisecond, nil, "-"},
		{"", 2 * time.Second, bad, "two"},
		{"", 3 * time.Second, nil, "two"}, // use failed, so it is given again
		{"", 4 * time.Second, nil, "nil"},
		{"longer", 5 * time.Second, nil, "longer"},
	} {
		if step.text != "" {
			write(t, path, step.text, 0o600, noon.Add(step.at))
		}
		if got, err := seen(f, noon.Add(step.at), step.err); got != step.want || !errors.Is(err, step.err) {
			t.Errorf("step %d: %q, %v; want %q, %v", i, got, err, step.want, step.err)
		}
	}
}

// TestEmptyIsNotUnchanged holds that an empty file is not taken for one that did not change.
func TestEmptyIsNotUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "", 0o600, noon)
	if got, err := seen(keyfile.Open(path, 100, time.Second), noon, nil); got != "" || err != nil {
		t.Errorf("%q, %v; want an empty text", got, err)
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	write(t, large, strings.Repeat("x", 101), 0o600, noon)
	tests := map[string]string{dir: "not a regular file", filepath.Join(dir, "absent"): "absent", large: "more than 100 bytes"}
	if runtime.GOOS != "windows" {
		shared := filepath.Join(dir, "shared")
		write(t, shared, "x", 0o602, noon)
		tests[shared] = "chmod o-w"
	}
	if runtime.GOOS == "linux" {
		tests["/dev/zero"] = "not a regular file"
	}
	for path, want := range tests {
		if got, err := seen(keyfile.Open(path, 100, time.Second), noon, nil); got != "-" || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want %q", path, got, err, want)
		}
	}
}
