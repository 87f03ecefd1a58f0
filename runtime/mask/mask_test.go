package mask_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/bailey-go/bailey/runtime/mask"
)

const secret = "S3CRET-VALUE"

type inner struct{ Inner mask.String }

type account struct {
	Name   string
	IBAN   mask.String
	PIN    mask.Value[int]
	Notes  mask.Value[[]string]
	Nested inner
	Ptr    *mask.String
	hidden mask.String
	number mask.Value[string]
	record mask.Value[struct{ S string }]
	table  mask.Value[map[string]string]
	block  mask.Value[[1]string]
	ref    mask.Value[*[]string]
}

func sample() account {
	s := mask.NewString(secret)
	a := account{Name: "n", IBAN: s, PIN: mask.NewValue(73519), Notes: mask.NewValue([]string{secret}), Ptr: &s,
		hidden: s, number: mask.NewValue(secret), record: mask.NewValue(struct{ S string }{secret}),
		table: mask.NewValue(map[string]string{secret: secret}), block: mask.NewValue([1]string{secret}),
		ref: mask.NewValue(&[]string{secret})}
	a.Nested.Inner = s
	return a
}

// leaks reports whether text shows any of sample's secrets, in any of fmt's spellings.
func leaks(text string) bool {
	lower := strings.ToLower(text)
	for _, spelling := range []string{
		secret, "73519", fmt.Sprintf("%x", secret), fmt.Sprintf("% x", secret), fmt.Sprintf("%d", []byte(secret)),
		fmt.Sprintf("%x", 73519), fmt.Sprintf("%b", 73519), fmt.Sprintf("%o", 73519), "0x53, 0x33",
	} {
		if strings.Contains(lower, strings.ToLower(spelling)) {
			return true
		}
	}
	return false
}

func TestFmtShowsNothing(t *testing.T) {
	a := sample()
	values := map[string]any{
		"String": a.IBAN, "*String": &a.IBAN, "Value": a.PIN, "*Value": &a.PIN, "Value of list": a.Notes,
		"struct": a, "*struct": &a, "slice": []mask.String{a.IBAN}, "map": map[string]mask.String{"k": a.IBAN},
		"array of any": [2]any{a.IBAN, a.PIN}, "slice of struct": []account{a},
		"record": a.record, "table": &a.table, "block": a.block, "ref": a.ref,
		"unexported": struct{ s mask.String }{a.IBAN}, "deep": struct{ a account }{a},
	}
	for name, v := range values {
		for _, flags := range []string{"", "+", "#", " ", "-20", "020", "#+", ".3"} {
			for _, verb := range "vTsqxXdboOeEfFgGcUtpw!zk" {
				format := "%" + flags + string(verb)
				if got := fmt.Sprintf(format, v); leaks(got) {
					t.Errorf("Sprintf(%q, %s) = %q: shows the value", format, name, got)
				}
			}
		}
		extra, missing := strings.TrimSpace(" "), "%["+strconv.Itoa(5)+"]v" // made, for linters know that these are mistakes
		for _, got := range []string{fmt.Sprint(v), fmt.Sprintln(v), fmt.Sprintf(extra, v), fmt.Sprintf(missing, v), fmt.Errorf("x: %v", v).Error()} {
			if leaks(got) {
				t.Errorf("%s: %q shows the value", name, got)
			}
		}
	}
}

func TestFmtIsTheMask(t *testing.T) {
	for _, verb := range "vsqxd" {
		for _, v := range []any{mask.NewString(secret), mask.NewValue(5), mask.String{}, mask.Value[int]{}} {
			if got := fmt.Sprintf("%"+string(verb), v); got != mask.Redacted {
				t.Errorf("%%%c = %q, want %q", verb, got, mask.Redacted)
			}
		}
	}
}

func TestLogsShowNothing(t *testing.T) {
	var out bytes.Buffer
	a := sample()
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		l := slog.New(h)
		l.Info("m", "string", a.IBAN, "ptr", &a.IBAN, "value", a.PIN, "struct", a, "structptr", &a,
			"list", []mask.String{a.IBAN}, "error", fmt.Errorf("bad: %v", a))
	}
	if out.Len() == 0 || leaks(out.String()) {
		t.Errorf("log shows the value: %s", out.String())
	}
}

func TestEncodersShowNothing(t *testing.T) {
	a := sample()
	js, err := json.Marshal(a)
	if err != nil || leaks(string(js)) || !strings.Contains(string(js), `"IBAN":"********"`) {
		t.Errorf("json: %s, %v", js, err)
	}
	js, err = json.Marshal(map[string]any{"v": a.PIN, "l": a.Notes})
	if err != nil || string(js) != `{"l":"********","v":"********"}` {
		t.Errorf("json: %s, %v", js, err)
	}
	if text, err := xml.Marshal(a.Nested); err != nil || leaks(string(text)) {
		t.Errorf("xml: %s, %v", text, err)
	}
	var out strings.Builder
	tmpl := template.Must(template.New("").Parse(`{{.IBAN}} {{.PIN}} {{printf "%s %x" .IBAN .IBAN}} {{.}}`))
	if err := tmpl.Execute(&out, a); err != nil || leaks(out.String()) {
		t.Errorf("template: %s, %v", out.String(), err)
	}
	if y, err := a.IBAN.MarshalYAML(); err != nil || y != mask.Redacted {
		t.Errorf("yaml: %v, %v", y, err)
	}
}

func TestStorageIsRefused(t *testing.T) {
	var out bytes.Buffer
	for _, v := range []any{mask.NewString(secret), struct{ S mask.String }{mask.NewString(secret)}, mask.NewValue(5)} {
		if err := gob.NewEncoder(&out).Encode(v); !errors.Is(err, mask.ErrStore) {
			t.Errorf("gob: %v, want %v", err, mask.ErrStore)
		}
	}
	if _, err := mask.NewString(secret).Value(); !errors.Is(err, mask.ErrStore) {
		t.Errorf("sql: %v", err)
	}
	if _, err := mask.NewValue(1).Value(); !errors.Is(err, mask.ErrStore) {
		t.Errorf("sql: %v", err)
	}
	if _, err := mask.NewString(secret).MarshalBinary(); !errors.Is(err, mask.ErrStore) {
		t.Errorf("binary: %v", err)
	}
}

func TestReadBack(t *testing.T) {
	var s mask.String
	if err := json.Unmarshal([]byte(`"`+secret+`"`), &s); err != nil || s.RevealString() != secret {
		t.Errorf("got %q, %v", s.RevealString(), err)
	}
	if err := json.Unmarshal([]byte(`null`), &s); err != nil || s.RevealString() != secret {
		t.Errorf("null: got %q, %v", s.RevealString(), err)
	}
	written, _ := json.Marshal(s)
	if err := json.Unmarshal(written, &s); !errors.Is(err, mask.ErrMasked) {
		t.Errorf("a masked value was read back: %v", err)
	}
	var v mask.Value[int]
	if err := json.Unmarshal([]byte(`12`), &v); err != nil || v.RevealValue() != 12 {
		t.Errorf("got %d, %v", v.RevealValue(), err)
	}
	if err := json.Unmarshal([]byte(`"`+mask.Redacted+`"`), &v); !errors.Is(err, mask.ErrMasked) {
		t.Errorf("a masked value was read back: %v", err)
	}
	for _, err := range []error{json.Unmarshal([]byte(`73519`), &s), json.Unmarshal([]byte(`"`+secret+`"`), &v)} {
		if err == nil || leaks(err.Error()) {
			t.Errorf("err = %v", err)
		}
	}
}

func TestEqual(t *testing.T) {
	a, b, c := mask.NewString("a"), mask.NewString("a"), mask.NewString("b")
	if !a.Equal(b) || a.Equal(c) || !(mask.String{}).Equal(mask.NewString("")) {
		t.Error("String.Equal is wrong")
	}
	if !mask.NewValue([]int{1}).Equal(mask.NewValue([]int{1})) || mask.NewValue(1).Equal(mask.NewValue(2)) {
		t.Error("Value.Equal is wrong")
	}
	if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Error("DeepEqual is wrong")
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[mask.String](), reflect.TypeFor[mask.Value[int]]()} {
		if typ.Comparable() {
			t.Errorf("%v is comparable: == would compare addresses", typ)
		}
	}
	if !(mask.String{}).IsZero() || a.IsZero() || !mask.NewValue(0).IsZero() || mask.NewValue(1).IsZero() || !(mask.Value[int]{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}
