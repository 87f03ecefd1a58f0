package wire_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// suites returns the folder of the public test suites.
func suites(t *testing.T, elem ...string) string {
	t.Helper()
	dir := os.Getenv("BAILEY_SUITES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "suites")
	}
	dir = filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("THE SUITE IS NOT HERE, and nothing of it was tested: set BAILEY_SUITES (%v)", err)
	}
	return dir
}

// accepts reports whether text is well-formed.
func accepts(text string) error {
	var d wire.Decoder
	d.Reset(text, wire.Limits{})
	d.Raw()
	d.End()
	return d.Err()
}

func TestJSONTestSuite(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(suites(t, "json-parsing", "test_parsing"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	score := map[string]int{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		got := accepts(string(b))
		switch name[:2] {
		case "y_":
			// RFC 8259, section 4, leaves repeated names open; here they are
			// refused, whatever their values are.
			var syntax *wire.SyntaxError
			if strings.HasPrefix(name, "y_object_duplicated_key") {
				if !errors.As(got, &syntax) || !strings.Contains(syntax.Reason, "twice") {
					t.Errorf("%s: got %v, want it refused for the name", name, got)
				}
			} else if got != nil {
				t.Errorf("%s: got %v, want it accepted", name, got)
			}
		case "n_":
			if got == nil {
				t.Errorf("%s: accepted, want it refused", name)
			}
		}
		score[name[:2]]++
	}
	t.Logf("files: %v", score)
}

// formats are the formats of the suite that this package checks.
var formats = map[string]func(string) bool{
	"date":                  wire.IsDate,
	"date-time":             wire.IsDateTime,
	"duration":              wire.IsDuration,
	"email":                 wire.IsEmail,
	"hostname":              wire.IsHostname,
	"idn-email":             wire.IsIDNEmail,
	"idn-hostname":          wire.IsIDNHostname,
	"ipv4":                  wire.IsIPv4,
	"ipv6":                  wire.IsIPv6,
	"iri":                   wire.IsIRI,
	"iri-reference":         wire.IsIRIReference,
	"json-pointer":          wire.IsJSONPointer,
	"regex":                 wire.IsRegex,
	"relative-json-pointer": wire.IsRelativeJSONPointer,
	"time":                  wire.IsTime,
	"uri":                   wire.IsURI,
	"uri-reference":         wire.IsURIReference,
	"uri-template":          wire.IsURITemplate,
	"uuid":                  wire.IsUUID,
}

func TestFormatVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(suites(t, "json-schema", "draft2020-12", "optional", "format"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	ran, good := 0, 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var groups []struct {
			Description string
			Schema      struct{ Format string }
			Tests       []struct {
				Description string
				Data        any
				Valid       bool
			}
		}
		if err := json.Unmarshal(b, &groups); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, g := range groups {
			is, ok := formats[g.Schema.Format]
			if !ok {
				continue
			}
			for _, test := range g.Tests {
				s, ok := test.Data.(string)
				if !ok {
					continue // a format says nothing about other types
				}
				ran++
				if got := is(s); got != test.Valid {
					t.Errorf("%s: %s: %q (%s): got %v, want %v", filepath.Base(file), g.Description, s, test.Description, got, test.Valid)
					continue
				}
				good++
			}
		}
	}
	if ran == 0 {
		t.Fatal("no vectors ran")
	}
	t.Logf("vectors: %d of %d (%s)", good, ran, strings.Join(names(formats), ", "))
}
