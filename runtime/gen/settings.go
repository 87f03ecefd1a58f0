package gen

import (
	"fmt"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is a member of a policy that the document leaves to Config.
type Setting struct {
	Field  string // of Config
	Scheme string // whose policy it belongs to
	Member string // of the policy
	At     string // its place in the document: file:line:col
	// Required says that Config must give it; without, Text or Texts counts where Config does not.
	Required bool
	// Unless is the field of Config that gives the same in another way: one of both is enough, and not both are taken.
	Unless string
	Text   string
	Texts  []string
	// Most is the greatest number that Config may give for a limit; nanoseconds for a time span. Config gives none by 0.
	// The operation or rate that names the setting has the number that counts then.
	Most int64
}

const (
	maxSettingText  = 500 // bytes, as in the document
	maxSettingTexts = 100
)

// settings reads what Config gives, and reports each value that is missing or breaks a rule. The rules are those of
// the document's own values. A message has no value: an address may have credentials in it.
func (b *Builder) settings() {
	b.texts, b.numbers, b.unset = map[string][]string{}, map[string]int64{}, map[string]bool{}
	if len(b.setup.Settings) == 0 {
		return
	}
	cfg := reflect.ValueOf(b.setup.Given)
	if cfg.Kind() != reflect.Pointer || cfg.IsNil() || cfg.Elem().Kind() != reflect.Struct {
		b.fail("the settings have no Config to come from")
		return
	}
	for _, s := range b.setup.Settings {
		if err := b.setting(cfg.Elem(), s); err != nil {
			b.fail("Config.%s %w", s.Field, err)
			b.unset[s.Scheme] = s.Scheme != ""
		}
	}
}

func (b *Builder) setting(cfg reflect.Value, s Setting) error {
	f := cfg.FieldByName(s.Field)
	var given []string
	switch {
	case !f.IsValid():
		return fmt.Errorf("is no field")
	case f.CanInt() && s.Most > 0:
		return b.number(f.Int(), s)
	case f.Kind() == reflect.String:
		if text := f.String(); text != "" {
			given = []string{text}
		}
	case f.Type() == reflect.TypeFor[[]string]():
		given = slices.Clone(f.Interface().([]string))
	default:
		return fmt.Errorf("is a %s", f.Type())
	}
	other := false
	if s.Unless != "" {
		if u := cfg.FieldByName(s.Unless); u.IsValid() {
			other = !u.IsZero()
		}
	}
	switch {
	case other && len(given) > 0:
		return fmt.Errorf("is set beside Config.%s, which gives the same", s.Unless)
	case other:
		return nil
	case len(given) == 0 && s.Required:
		or := ""
		if s.Unless != "" {
			or = ", as is Config." + s.Unless
		}
		return fmt.Errorf("is missing%s: the document leaves %s of the scheme %s to it (%s)", or, s.Member, s.Scheme, s.At)
	case len(given) == 0:
		if given = s.Texts; s.Text != "" {
			given = []string{s.Text}
		}
	default:
		if err := checkSetting(s.Member, given); err != nil {
			return err
		}
	}
	b.texts[s.Field] = given
	return nil
}

// number takes the number that Config gives for a limit.
func (b *Builder) number(given int64, s Setting) error {
	show := func(n int64) string { return strconv.FormatInt(n, 10) }
	least := int64(1)
	if s.Member == "timeout" {
		show, least = func(n int64) string { return time.Duration(n).String() }, int64(time.Millisecond)
	}
	switch {
	case given == 0 && s.Required:
		return fmt.Errorf("is missing: the document leaves %s to it (%s)", s.Member, s.At)
	case given == 0:
		return nil
	case given < least:
		return fmt.Errorf("is %s, less than %s", show(given), show(least))
	case given > s.Most:
		return fmt.Errorf("is %s, more than the %s that the document allows (%s)", show(given), show(s.Most), s.At)
	}
	b.numbers[s.Field] = given
	return nil
}

// limited sets the limits of an operation that Config gives.
func (b *Builder) limited(l *Limits, at string, fields []string) {
	for _, field := range fields {
		i := slices.IndexFunc(b.setup.Settings, func(s Setting) bool { return s.Field == field && s.Most > 0 })
		if i < 0 {
			b.fail("%s: there is no setting %s", at, field)
			continue
		}
		n, ok := b.numbers[field]
		if !ok {
			continue
		}
		switch b.setup.Settings[i].Member {
		case "body":
			l.Body = n
		case "inflated":
			l.Inflated = n
		case "parts":
			l.Parts = int(n)
		case "fields":
			l.Fields = n
		case "item":
			l.Item = n
		case "depth":
			l.Depth = int(n)
		case "items":
			l.Items = int(n)
		case "memory":
			l.Memory = n
		case "timeout":
			l.Timeout = time.Duration(n)
		default:
			b.fail("%s: the setting %s is of no limit", at, field)
		}
	}
}

// rated is a rate with the numbers that Config gives.
func (b *Builder) rated(r Rate) Rate {
	for _, from := range []struct {
		field string
		to    *int
	}{{r.LimitFrom, &r.Limit}, {r.BurstFrom, &r.Burst}} {
		if from.field == "" {
			continue
		}
		if !slices.ContainsFunc(b.setup.Settings, func(s Setting) bool { return s.Field == from.field && s.Most > 0 }) {
			b.fail("rate limit %q: there is no setting %s", r.Name, from.field)
		}
		if n, ok := b.numbers[from.field]; ok {
			*from.to = int(n)
		}
	}
	return r
}

// checkSetting holds values of Config to the rules of the document.
func checkSetting(member string, given []string) error {
	if len(given) > maxSettingTexts {
		return fmt.Errorf("has %d items, more than %d", len(given), maxSettingTexts)
	}
	for i, text := range given {
		switch {
		case strings.TrimSpace(text) == "":
			return fmt.Errorf("has an empty text")
		case len(text) > maxSettingText:
			return fmt.Errorf("has a text of %d bytes, more than %d", len(text), maxSettingText)
		case strings.Contains(text, "${") || strings.Contains(text, "$(") || strings.Contains(text, "{{"):
			return fmt.Errorf("has a placeholder, such as ${NAME}, which nothing replaces")
		case slices.Contains(given[:i], text):
			return fmt.Errorf("has a text twice")
		}
	}
	switch member {
	case "issuer":
		if !isIssuer(given[0]) {
			return fmt.Errorf("is no issuer: an https URL without user, query and fragment (http only for this machine: localhost, 127.0.0.1)")
		}
	case "jwks", "discovery", "url":
		if !isAddress(given[0]) {
			return fmt.Errorf("is not an https URL without user or fragment (http only for this machine: localhost, 127.0.0.1)")
		}
	}
	return nil
}

// isAddress reports whether the server may ask at a URL; the generator has the same rule.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Fragment != "" || u.Hostname() == "" {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && addr.IsLoopback())
}

// isIssuer reports whether s can be an issuer (RFC 8414, section 2); the generator has the same rule.
func isIssuer(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isAddress(s) && u.RawQuery == "" && !u.ForceQuery && !strings.ContainsAny(s, "#{}") &&
		!strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

// Text is the value of a setting that is one text, "" where New has reported it.
func (b *Builder) Text(field string) string {
	if list := b.texts[field]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// Texts is the value of a setting that is a list.
func (b *Builder) Texts(field string) []string { return b.texts[field] }
