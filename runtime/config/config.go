// Package config fills the Config of a generated package from a YAML file and the environment, once, when a program
// starts. It is strict: an unknown key, a key that is written twice, and a value of another type are errors with their
// place, and all of them are reported at once. Secrets come from files alone.
//
// A key is the name of the field in lower case with hyphens: LoginIssuer is login-issuer, and an environment variable
// with the prefix NOTES is NOTES_LOGIN_ISSUER. Fields of package runtime's Config stand beside those of the generated
// one. Fields that no text can hold (a logger, a function, a database) stay as the program has set them.
//
//	cfg := api.Config{Config: runtime.Config{Log: log}}
//	if err := config.Load(&cfg, config.Source{File: "notes.yaml", Prefix: "NOTES", Environ: os.Environ()}); err != nil {
//		return err
//	}
//	server, err := api.NewServer(handler, cfg)
package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// Source says where the values come from. The zero value has none.
type Source struct {
	// File is the path of a YAML file of at most 1 MiB, which must not be one that everyone may write. "" is no file.
	File string
	// Prefix begins the names of environment variables: NOTES for NOTES_LOGIN_ISSUER, in upper case. A variable
	// replaces the value of the file. With a prefix, each variable that begins with it must name a key. "" reads none.
	Prefix string
	// Environ are the variables as os.Environ returns them.
	Environ []string
	// DangerouslyReadableSecrets takes files of secrets that every user of the machine may read. Without, the mode of
	// such a file must give others no permission (0600, 0440). It has no effect on Windows.
	DangerouslyReadableSecrets bool
}

const (
	maxFile   = 1 << 20
	maxSecret = 64 << 10
	maxErrors = 50
	maxItems  = 10_000
)

// Load fills cfg, which points to the Config of a generated package, and reports everything that is wrong, at most 50
// errors, each with its place. It changes nothing of cfg when it fails. No error
// has the value of a variable or the content of a secret. Load opens the files of secrets, keys and users; it asks no
// other machine.
func Load(cfg any, src Source) error {
	v := reflect.ValueOf(cfg)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("config: %T is no pointer to a Config", cfg)
	}
	filled := reflect.New(v.Elem().Type()).Elem()
	filled.Set(v.Elem())
	l := &loader{src: src, root: tree(filled.Type())}
	var given []entry
	if src.File != "" {
		text, err := keyfile.Read(src.File, maxFile)
		if err != nil {
			return fmt.Errorf("config: %w", err)
		}
		given = l.file(string(text))
	}
	for _, e := range l.environment() {
		at := slices.IndexFunc(given, func(other entry) bool { return other.field == e.field })
		if at >= 0 {
			given[at] = e
		} else {
			given = append(given, e)
		}
	}
	l.fill(filled, given)
	if len(l.errs) > 0 {
		if n := len(l.errs); n > maxErrors {
			l.errs = append(l.errs[:maxErrors], fmt.Errorf("and %d more errors", n-maxErrors))
		}
		return errors.Join(l.errs...)
	}
	v.Elem().Set(filled)
	return nil
}

// loader is one run of Load.
type loader struct {
	src  Source
	root *field
	errs []error
}

func (l *loader) fail(at, format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf(at+": "+format, args...))
}

// entry is a value for a field, and the place that messages name.
type entry struct {
	field *field
	value value
	at    string
}

// environment reads the variables with the prefix, in the order of their names.
func (l *loader) environment() (out []entry) {
	if l.src.Prefix == "" {
		return nil
	}
	begin := strings.ToUpper(l.src.Prefix) + "_"
	leaves := map[string]*field{}
	var names []string
	l.root.each(func(f *field) {
		name := begin + f.variable()
		if leaves[name] != nil {
			l.fail("environment variable "+name, "it names both %s and %s", leaves[name].path, f.path)
		}
		leaves[name] = f
		names = append(names, name)
	})
	environ := slices.Clone(l.src.Environ)
	slices.Sort(environ)
	seen := map[string]bool{}
	for _, pair := range environ {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || !strings.HasPrefix(name, begin) {
			continue
		}
		at := "environment variable " + name
		f := leaves[name]
		switch {
		case seen[name]:
			l.fail(at, "it is there twice")
		case f == nil:
			l.fail(at, "unknown name%s", like(name, names))
		default:
			out = append(out, entry{f, value{text: text, list: split(text), plain: true}, at})
		}
		seen[name] = true
	}
	return out
}

// split reads a list of a variable: items between commas, without spaces around them.
func split(text string) (items []value) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, value{text: strings.TrimSpace(item), plain: true})
	}
	return items
}

// like is advice for a name that is much like a known one, or "".
func like(name string, known []string) string {
	best, least := "", 4
	for _, k := range known {
		if d := edits(strings.ToLower(name), strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// edits is the number of letters to insert, remove and replace between a and b, or most where it is more.
func edits(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most || len(a) > 200 {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = min(before, row[j], row[j+1]) + 1
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], most)
}
