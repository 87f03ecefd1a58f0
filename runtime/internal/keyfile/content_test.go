package keyfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// TestRedteamKeyfile replaces files in ways that keep the size and the modification time, as cp -p,
// rsync -t and builds with SOURCE_DATE_EPOCH do.
func TestRedteamKeyfile(t *testing.T) {
	for _, tt := range []struct {
		name    string
		replace func(t *testing.T, path string)
		within  time.Duration // of the replacement, the new content is had
	}{
		{"another file", func(t *testing.T, path string) {
			write(t, path+".new", "two", 0o600, noon)
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, 10 * time.Second},
		{"the same file", func(t *testing.T, path string) { write(t, path, "two", 0o600, noon) }, time.Minute},
		{"a symbolic link", func(t *testing.T, path string) {
			if runtime.GOOS == "windows" {
				t.Skip("symbolic links need a privilege")
			}
			target := filepath.Join(t.TempDir(), "target")
			write(t, target, "two", 0o600, noon)
			if err := os.Symlink(target, path+".link"); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path+".link", path); err != nil {
				t.Fatal(err)
			}
		}, 10 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			write(t, path, "one", 0o600, noon)
			f := keyfile.Open(path, 100, 10*time.Second)
			now := noon
			if got, err := seen(f, now, nil); got != "one" || err != nil {
				t.Fatalf("%q, %v", got, err)
			}
			tt.replace(t, path)
			for {
				now = now.Add(10 * time.Second)
				got, err := seen(f, now, nil)
				if got == "two" {
					break
				}
				if got != "nil" || err != nil || now.Sub(noon) >= tt.within {
					t.Fatalf("after %v: %q, %v; want the new content within %v", now.Sub(noon), got, err, tt.within)
				}
			}
			if got, err := seen(f, now.Add(10*time.Second), nil); got != "nil" || err != nil {
				t.Errorf("then %q, %v; want no change", got, err)
			}
		})
	}
}

// TestSameContentIsNoChange: a file that was only touched, or copied over itself, is not taken
// again, so that what was made of it and what is remembered beside it stays.
func TestSameContentIsNoChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "one", 0o600, noon)
	f := keyfile.Open(path, 100, time.Second)
	for i, want := range []string{"one", "nil", "nil"} {
		if got, err := seen(f, noon.Add(time.Duration(i)*time.Second), nil); got != want || err != nil {
			t.Errorf("look %d: %q, %v; want %q", i, got, err, want)
		}
		write(t, path, "one", 0o600, noon.Add(time.Duration(i+1)*time.Hour))
	}
}

// TestRefusedContentIsGivenAgain: content that use refused is not compared with, also where it is
// back after another one.
func TestRefusedContentIsGivenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "one", 0o600, noon)
	f := keyfile.Open(path, 100, time.Second)
	bad := errors.New("bad")
	for i, step := range []struct {
		text string
		err  error
		want string
	}{{"one", nil, "one"}, {"two", bad, "two"}, {"two", bad, "two"}, {"one", nil, "nil"}, {"two", nil, "two"}} {
		write(t, path, step.text, 0o600, noon)
		now := noon.Add(time.Duration(i) * time.Minute)
		if got, err := seen(f, now, step.err); got != step.want || !errors.Is(err, step.err) {
			t.Errorf("step %d: %q, %v; want %q, %v", i, got, err, step.want, step.err)
		}
	}
}

// TestClockSetBack: a file is looked at again after the clock was set back by more than the interval.
func TestClockSetBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "one", 0o600, noon)
	f := keyfile.Open(path, 100, time.Second)
	if got, err := seen(f, noon.Add(24*time.Hour), nil); got != "one" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	write(t, path, "two", 0o600, noon)
	if got, err := seen(f, noon, nil); got != "two" || err != nil {
		t.Errorf("%q, %v; want the new content", got, err)
	}
}
