package config

import (
	"bytes"
	"encoding"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// wants names the values that each kind takes.
var wants = map[kind]string{
	kindText: "a string", kindBool: "true or false", kindInt: "a whole number", kindSize: "a number of bytes, such as 4096, 64KiB or 1GiB",
	kindDuration: "a time span, such as 30s, 5m or 1h30m", kindMarshaled: "a string", kindList: "a list of strings", kindSecret: "the path of a file",
}

// fill sets the fields.
func (l *loader) fill(root reflect.Value, given []entry) {
	texts := map[*field]entry{} // of types that are made
	failed := map[*field]bool{}
	for _, e := range given {
		if e.field.index == nil {
			texts[e.field] = e
			if failed[e.field] = !e.value.filled(); failed[e.field] {
				l.fail(e.at, "%s has to be a string that is not empty", e.field.path)
			}
			continue
		}
		v := root.FieldByIndex(e.field.index)
		if err := l.set(v, e.field.kind, e.value); err != nil {
			l.fail(e.at, "%s %w", e.field.path, err)
		}
	}
	l.makeAll(root, l.root, texts, failed)
}

// filled reports whether the value is a string with something in it.
func (v value) filled() bool {
	return !v.seq && (v.plain || v.tag == "!!str") && strings.TrimSpace(v.text) != ""
}

// makeAll makes the values of types that texts make.
func (l *loader) makeAll(root reflect.Value, f *field, texts map[*field]entry, failed map[*field]bool) {
	for _, k := range f.kids {
		if k.kind == kindObject {
			l.makeAll(root, k, texts, failed)
		}
		if k.kind != kindMade || slices.ContainsFunc(k.kids, func(kid *field) bool { return failed[kid] }) {
			continue
		}
		how := made[k.typ]
		parts, at := map[string]string{}, ""
		for _, kid := range k.kids {
			if e, ok := texts[kid]; ok {
				if parts[kid.key] = e.value.text; at == "" {
					at = e.at
				}
			}
		}
		keys := strings.Join(how.keys, ", ")
		switch {
		case len(parts) == 0:
			continue
		case how.one && len(parts) > 1:
			l.fail(at, "%s has %d of: %s; one is read", k.path, len(parts), keys)
			continue
		case !how.one && len(parts) < len(how.keys):
			l.fail(at, "%s needs all of: %s", k.path, keys)
			continue
		}
		v, err := how.make(parts)
		if err != nil {
			l.fail(at, "%s: %w", k.path, err)
			continue
		}
		root.FieldByIndex(k.index).Set(reflect.ValueOf(v))
	}
}

// set reads a value into a field. Its errors name the wanted kind, and never the value.
func (l *loader) set(to reflect.Value, k kind, v value) error {
	wrong := fmt.Errorf("has to be %s", wants[k])
	if v.seq != (k == kindList) && !v.plain {
		return wrong
	}
	is := func(tags ...string) bool {
		for _, tag := range tags {
			if v.plain || v.tag == tag {
				return true
			}
		}
		return false
	}
	switch k {
	case kindText:
		if !is("!!str") {
			return wrong
		}
		to.SetString(v.text)
	case kindBool:
		if !is("!!bool") || v.text != "true" && v.text != "false" {
			return wrong
		}
		to.SetBool(v.text == "true")
	case kindInt:
		n, err := strconv.ParseInt(v.text, 10, 32)
		if !is("!!int") || err != nil {
			return wrong
		}
		to.SetInt(n)
	case kindSize:
		n, ok := size(v.text)
		if !is("!!int", "!!str") || !ok {
			return wrong
		}
		to.SetInt(n)
	case kindDuration:
		d, err := time.ParseDuration(v.text)
		if !is("!!str") || err != nil {
			return wrong
		}
		to.SetInt(int64(d))
	case kindMarshaled:
		if !is("!!str") {
			return wrong
		}
		return unmarshal(to, v.text)
	case kindList:
		return l.list(to, v)
	case kindSecret:
		if !is("!!str") || strings.TrimSpace(v.text) == "" {
			return wrong
		}
		secret, err := l.secret(v.text)
		if err != nil {
			return err
		}
		to.SetBytes(secret)
	default:
		return wrong
	}
	return nil
}

func (l *loader) list(to reflect.Value, v value) error {
	out := reflect.MakeSlice(to.Type(), len(v.list), len(v.list))
	for i, item := range v.list {
		k := kindText
		if to.Type().Elem().Kind() != reflect.String {
			k = kindMarshaled
		}
		if err := l.set(out.Index(i), k, item); err != nil {
			return fmt.Errorf("has an item, number %d, that %w", i+1, err)
		}
	}
	to.Set(out)
	return nil
}

// unmarshal reads a text into a type that reads texts. The error of the type may hold the text, and is left out.
func unmarshal(to reflect.Value, text string) error {
	if err := to.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil || text == "" {
		return fmt.Errorf("has to be a text that %s reads", to.Type())
	}
	return nil
}

// size reads a number of bytes.
func size(text string) (int64, bool) {
	unit := int64(1)
	for _, u := range []struct {
		name string
		size int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}} {
		if digits, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = strings.TrimRight(digits, " "), u.size
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/unit {
		return 0, false
	}
	return n * unit, true
}

// secret reads a file of a secret, without one line break at its end.
func (l *loader) secret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("names a file that cannot be read: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 && !l.src.DangerouslyReadableSecrets {
		return nil, fmt.Errorf("names a file that every user may read or write (mode %04o); chmod o-rwx", info.Mode().Perm())
	}
	text, err := keyfile.Read(path, maxSecret)
	if err != nil {
		return nil, fmt.Errorf("names a file that cannot be read: %w", err)
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	if len(text) == 0 {
		return nil, fmt.Errorf("names an empty file")
	}
	return text, nil
}
