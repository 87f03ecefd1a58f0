package gen

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"

	"github.com/bailey-go/bailey/runtime/auth"
)

// PolicyDigest is the SHA-256 of the policy that the server enforces, in hexadecimal: operations with their rates and
// limits, masks' and guarded members' callers, schemes, the values of settings, and the bounds and trusted networks of
// Config. It is the same for servers of one package with one configuration, wherever they run. Secrets, functions,
// schemas, and places in the document are no part of it.
func (s *Server) PolicyDigest() string { return s.digest }

// announce computes the digest, and logs it.
func (b *Builder) announce(s *Server) {
	h := sha256.New()
	d := describer{w: h}
	write := func(what string, v any) {
		fmt.Fprintf(h, "\n%s ", what)
		d.value(reflect.ValueOf(v), 0)
	}
	write("title", b.setup.Title)
	ops := slices.Clone(b.ops)
	slices.SortStableFunc(ops, func(x, y *mounted) int {
		return cmp.Or(cmp.Compare(x.op.Path, y.op.Path), cmp.Compare(x.op.Method, y.op.Method), cmp.Compare(x.op.ID, y.op.ID))
	})
	for _, m := range ops {
		op := *m.op
		op.At, op.Rate, op.Limits = "", slices.Clone(op.Rate), m.limits
		for i := range op.Rate {
			op.Rate[i] = b.rated(op.Rate[i])
		}
		write("operation", op)
		write("access", op.Access.reason)
		write("alternatives", op.Access.alternatives)
		write("public", op.Access.public)
	}
	for _, r := range b.setup.Rates {
		write("rate", b.rated(r))
	}
	write("lifts", b.setup.Lifts)
	write("writers", b.setup.Writers)
	for _, setting := range b.setup.Settings {
		setting.At = ""
		write("setting", setting)
		write("texts", b.texts[setting.Field])
		write("number", b.numbers[setting.Field])
	}
	for _, scheme := range s.schemes {
		write("scheme", scheme.name)
		if a, ok := scheme.auth.(auth.Describer); ok {
			write("policy", a.Describe())
		} else {
			write("type", fmt.Sprintf("%T", scheme.auth))
		}
	}
	cfg := s.config
	cfg.SpoolDir = ""
	write("config", cfg)
	s.digest = hex.EncodeToString(h.Sum(nil))
	s.log.LogAttrs(context.Background(), slog.LevelInfo, "policy in force",
		slog.String("api", b.setup.Title), slog.String("digest", "sha256:"+s.digest), slog.Int("operations", len(ops)))
}

// describer writes values in one form for each: with names of fields, lengths of texts, and numbers in decimal.
type describer struct{ w io.Writer }

// deepest bounds what is described; policies are less deep.
const deepest = 12

func (d describer) value(v reflect.Value, depth int) {
	if !v.IsValid() || depth > deepest {
		fmt.Fprint(d.w, "-")
		return
	}
	if v.CanInterface() {
		if m, ok := v.Interface().(encoding.TextMarshaler); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
			if text, err := m.MarshalText(); err == nil {
				fmt.Fprintf(d.w, "%q", text)
				return
			}
		}
	}
	switch v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		if v.CanInt() {
			fmt.Fprint(d.w, v.Int())
			return
		}
		fmt.Fprint(d.w, v)
	case reflect.String:
		fmt.Fprintf(d.w, "%q", v.String())
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 { // it may be a secret: whether it is there is all that counts
			fmt.Fprintf(d.w, "bytes %t", v.Len() > 0)
			return
		}
		fmt.Fprintf(d.w, "%d[", v.Len())
		for i := range v.Len() {
			item := v.Index(i)
			if item.Kind() == reflect.Interface {
				item = item.Elem()
			}
			d.value(item, depth+1)
			fmt.Fprint(d.w, ",")
		}
		fmt.Fprint(d.w, "]")
	case reflect.Struct:
		fmt.Fprint(d.w, "{")
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				fmt.Fprintf(d.w, "%s:", f.Name)
				d.value(v.Field(i), depth+1)
				fmt.Fprint(d.w, ",")
			}
		}
		fmt.Fprint(d.w, "}")
	case reflect.Pointer:
		if v.IsNil() {
			fmt.Fprint(d.w, "nil")
			return
		}
		d.value(v.Elem(), depth+1)
	default: // interfaces, functions, channels, maps: whether they are there
		fmt.Fprintf(d.w, "set %t", v.Kind() != reflect.Map && !v.IsZero())
	}
}
