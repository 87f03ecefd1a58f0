package keyfile_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

var errParse = errors.New("bad")

func parse(text []byte) (string, error) {
	if string(text) == "bad" {
		return "", errParse
	}
	return string(text), nil
}

// TestLive: a good file replaces what was read, a bad one does not, and nothing stays in force for ever.
func TestLive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "one", 0o600, noon)
	l, err := keyfile.OpenLive(keyfile.LiveConfig{Path: path, Max: 10, Interval: time.Second, Keep: 5 * time.Second}, noon, parse)
	if err != nil {
		t.Fatal(err)
	}
	var reports int
	l.ReportTo(func(err error) {
		if !errors.Is(err, errParse) {
			t.Errorf("reported %v", err)
		}
		reports++
	})
	for i, step := range []struct {
		text    string
		at      time.Duration
		want    string // "" for stale
		reports int
	}{
		{"", 0, "one", 0},
		{"two", 500 * time.Millisecond, "one", 0},
		{"", time.Second, "two", 0},
		{"bad", 2 * time.Second, "two", 1},
		{"", 6 * time.Second, "two", 2},
		{"", 6500 * time.Millisecond, "", 2},
		{"three", 8 * time.Second, "three", 2},
	} {
		if step.text != "" {
			write(t, path, step.text, 0o600, noon.Add(step.at))
		}
		got, err := l.Get(noon.Add(step.at))
		if step.want == "" && !errors.Is(err, keyfile.ErrStale) || step.want != "" && (err != nil || *got != step.want) || reports != step.reports {
			t.Errorf("step %d: %v, %v, %d reports; want %q, %d", i, got, err, reports, step.want, step.reports)
		}
	}
}

func TestLiveIsChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "bad", 0o600, noon)
	for _, c := range []keyfile.LiveConfig{{}, {Path: path, Max: 10}, {Path: path, Max: 2}, {Path: path, Max: 10, Keep: -1}, {Path: path + "x", Max: 10}} {
		if l, err := keyfile.OpenLive(c, noon, parse); l != nil || err == nil {
			t.Errorf("%+v is opened", c)
		}
	}
}
