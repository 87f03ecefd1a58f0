package load_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
)

var update = flag.Bool("update", false, "write what was found into testdata/refuse")

// TestRefuse loads the documents of testdata/refuse/load-*.txtar and convert-*.txtar: one or more files,
// of which openapi.yaml is the entry, and under want the exact diagnostics. Those called
// convert-warn- are not refused.
func TestRefuse(t *testing.T) {
	var archives []string
	for _, kind := range []string{"load", "convert"} {
		found, err := filepath.Glob("../../../testdata/refuse/" + kind + "-*.txtar")
		if err != nil || len(found) == 0 {
			t.Fatalf("no archive found (%v)", err)
		}
		archives = append(archives, found...)
	}
	for _, archive := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(archive), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			folder, want := unpack(t, string(text))
			_, diags := load.Load(filepath.Join(folder, "openapi.yaml"), load.DefaultLimits())
			var got strings.Builder
			for _, d := range diags {
				got.WriteString(d.String() + "\n")
			}
			if refused := diags.HasErrors(); refused == strings.Contains(archive, "/convert-warn-") {
				t.Errorf("refused: %v", refused)
			}
			if got.String() == want {
				return
			}
			if *update && want == "" {
				before, _, _ := strings.Cut(string(text), "-- want --\n")
				if err := os.WriteFile(archive, []byte(before+"-- want --\n"+got.String()), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("got:\n%swant:\n%s", got.String(), want)
		})
	}
}

// unpack writes the files of a txtar archive into a new folder, and returns the
// text of the file want, which must be the last.
func unpack(t *testing.T, text string) (folder, want string) {
	t.Helper()
	folder = t.TempDir()
	parts := strings.Split("\n"+text, "\n-- ")[1:]
	for _, part := range parts {
		name, body, ok := strings.Cut(part, " --\n")
		if !ok {
			t.Fatalf("not a txtar archive: %q", part)
		}
		if name == "want" {
			return folder, body
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the archive has no want")
	return "", ""
}
