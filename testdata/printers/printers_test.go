package printers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/davecgh/go-spew/spew"
	"github.com/fxamacker/cbor/v2"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/huandu/go-clone"
	"github.com/k0kubun/pp/v3"
	"github.com/kr/pretty"
	"github.com/sanity-io/litter"
	"github.com/stretchr/testify/assert"
	"github.com/vmihailenco/msgpack/v5"
	"gopkg.in/yaml.v3"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/mask"
)

const (
	secret = "S3CRET-VALUE"
	pin    = 735190246
)

// account has all masked types of a generated package, in all places.
type account struct {
	Name   string
	IBAN   mask.String
	PIN    mask.Value[int64]
	Rate   mask.Value[float64]
	Born   mask.Value[time.Time]
	Notes  mask.Value[[]string]
	Table  mask.Value[map[string]string]
	Person mask.Value[person]
	Opt    runtime.Opt[mask.String]
	Null   runtime.Null[mask.String]
	Both   runtime.Opt[runtime.Null[mask.Value[[]string]]]
	Ptr    *mask.String
	List   []mask.String
	Map    map[string]mask.String
	Any    any
	hidden mask.String
	deep   *account
}

type person struct {
	First string
	Inner mask.String
}

func sample(text string, number int64) account {
	s := mask.NewString(text)
	a := account{
		Name: "n", IBAN: s, PIN: mask.NewValue(number), Rate: mask.NewValue(float64(number)), Born: mask.NewValue(time.Unix(number, 0).UTC()),
		Notes: mask.NewValue([]string{text}), Table: mask.NewValue(map[string]string{text: text}), Person: mask.NewValue(person{text, s}),
		Opt: runtime.Some(s), Null: runtime.NotNull(s), Both: runtime.Some(runtime.NotNull(mask.NewValue([]string{text}))),
		Ptr: &s, List: []mask.String{s}, Map: map[string]mask.String{"k": s}, Any: s, hidden: s,
	}
	inner := a
	a.deep = &inner
	return a
}

// spellings are what the clear values look like in outputs.
var spellings = func() []string {
	born := time.Unix(pin, 0).UTC()
	return []string{
		secret, fmt.Sprintf("%x", secret), fmt.Sprintf("% x", secret), strings.Trim(fmt.Sprint([]byte(secret)), "[]"),
		fmt.Sprint(pin), fmt.Sprintf("%x", pin), fmt.Sprint(float64(pin)), "7.3519", born.Format(time.DateOnly), fmt.Sprintf("%x", born.Unix()),
	}
}()

func check(t *testing.T, name, text string) {
	t.Helper()
	if text == "" {
		t.Errorf("%s: no output: nothing is tested", name)
	}
	for _, s := range spellings {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			t.Errorf("%s shows %q:\n%s", name, s, text)
			return
		}
	}
}

// The check itself finds a clear value in each printer.
func TestTheCheckFindsClearValues(t *testing.T) {
	for _, text := range []string{spew.Sdump(struct{ s string }{secret}), pretty.Sprint(struct{ n int64 }{pin}), litter.Sdump([]byte(secret))} {
		found := false
		for _, s := range spellings {
			found = found || strings.Contains(text, s)
		}
		if !found && !strings.Contains(text, "83,") { // litter writes bytes as decimals
			t.Errorf("not found in %s", text)
		}
	}
}

func TestPrinters(t *testing.T) {
	a := sample(secret, pin)
	values := map[string]any{"struct": a, "*struct": &a, "String": a.IBAN, "*String": a.Ptr, "Value": a.PIN, "*Value": &a.PIN, "list": a.Notes, "[]any": []any{a, &a}}
	for name, v := range values {
		for i := range 1 << 7 {
			c := spew.ConfigState{
				DisableMethods: i&1 != 0, DisablePointerMethods: i&2 != 0, ContinueOnMethod: i&4 != 0, SortKeys: i&8 != 0, SpewKeys: i&16 != 0,
				DisablePointerAddresses: i&32 != 0, DisableCapacities: i&64 != 0, Indent: " ",
			}
			check(t, fmt.Sprintf("spew %+v %s", c, name), c.Sdump(v)+c.Sprintf("%v %+v %#v %#+v", v, v, v, v))
		}
		check(t, "spew "+name, spew.Sdump(v)+spew.Sprint(v))
		check(t, "pretty "+name, pretty.Sprint(v)+fmt.Sprintf("%# v", pretty.Formatter(v)))
		check(t, "litter "+name, litter.Options{HidePrivateFields: false}.Sdump(v))
		p := pp.New()
		p.SetColoringEnabled(false)
		check(t, "pp "+name, p.Sprint(v))
		check(t, "yaml "+name, encoded(t, func() ([]byte, error) { return yaml.Marshal(v) }))
		check(t, "json v2 "+name, encoded(t, func() ([]byte, error) { return jsonv2.Marshal(v) }))
		check(t, "json "+name, encoded(t, func() ([]byte, error) { return json.MarshalIndent(v, "", " ") }))
	}
	check(t, "toml", encoded(t, func() ([]byte, error) {
		var b bytes.Buffer
		err := toml.NewEncoder(&b).Encode(a)
		return b.Bytes(), err
	}))
}

func encoded(t *testing.T, f func() ([]byte, error)) string {
	t.Helper()
	b, err := f()
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

// Encoders of formats that are read back refuse masked values, or write the mask.
func TestStorage(t *testing.T) {
	for name, v := range map[string]any{"String": mask.NewString(secret), "Value": mask.NewValue(int64(pin)), "struct": struct{ S mask.String }{mask.NewString(secret)}} {
		for format, marshal := range map[string]func(any) ([]byte, error){"cbor": cbor.Marshal, "msgpack": msgpack.Marshal} {
			b, err := marshal(v)
			if err == nil || !errors.Is(err, mask.ErrStore) && !strings.Contains(err.Error(), mask.ErrStore.Error()) {
				check(t, format+" of "+name, string(b)+" ")
			}
		}
	}
}

func TestComparers(t *testing.T) {
	a, b, c := sample(secret, pin), sample("other", 5), sample(secret, pin)
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	check(t, "cmp", cmp.Diff(a, b, all))
	check(t, "cmp.AllowUnexported", cmp.Diff(a, b, cmp.AllowUnexported(account{}, person{}, mask.String{})))
	check(t, "cmp.IgnoreUnexported", cmp.Diff(a, b, cmpopts.IgnoreUnexported(account{})))
	check(t, "cmp without options", cmp.Diff(a.IBAN, b.IBAN)+cmp.Diff(a.Person, b.Person))
	if d := cmp.Diff(a, c, all); d != "" {
		t.Errorf("equal accounts differ: %s", d)
	}
	check(t, "pretty.Diff", strings.Join(pretty.Diff(a, b), "\n"))
	if d := pretty.Diff(a.IBAN, c.IBAN); len(d) != 0 {
		t.Errorf("equal values differ: %s", d)
	}
}

// failures keeps what testify says.
type failures struct{ text string }

func (f *failures) Errorf(format string, args ...any) { f.text += fmt.Sprintf(format, args...) }

func TestTestify(t *testing.T) {
	a, b, c := sample(secret, pin), sample("other", 5), sample(secret, pin)
	f := new(failures)
	for _, ok := range []bool{
		assert.Equal(f, a, b), assert.Equal(f, a.IBAN, b.IBAN), assert.Equal(f, &a, &b), assert.Equal(f, a.PIN, b.PIN), assert.EqualValues(f, a.Notes, b.Notes),
		assert.Exactly(f, a, b), assert.Nil(f, a.Ptr), assert.Empty(f, a), assert.Contains(f, []account{a}, b), assert.ElementsMatch(f, []account{a}, []account{b}),
		assert.Subset(f, []mask.String{a.IBAN}, []mask.String{b.IBAN}), assert.NotEqual(f, a.IBAN, a.IBAN), assert.IsType(f, a.IBAN, a.PIN), assert.Zero(f, a.IBAN),
		assert.NoError(f, fmt.Errorf("bad account %v", a)), assert.Panics(f, func() {}), assert.NotPanics(f, func() { panic(a) }), assert.NotPanics(f, func() { panic(a.IBAN) }),
		assert.ErrorContains(f, fmt.Errorf("bad %v", a.IBAN), "x"), assert.Len(f, a.List, 3), assert.JSONEq(f, encoded(t, func() ([]byte, error) { return json.Marshal(a) }), "{}"),
	} {
		if ok {
			t.Errorf("an assertion that must fail holds; so far:\n%s", f.text)
		}
	}
	check(t, "testify", f.text)
	if !assert.Equal(f, a, c) || !assert.Equal(f, a.IBAN, c.IBAN) || !assert.Equal(f, a.Born, c.Born) || !assert.Equal(f, []account{a}, []account{c}) {
		t.Error("equal accounts are not equal for testify")
	}
}

// A copy that is made by reflection either has the clear value or none. It never shows another one.
func TestCopies(t *testing.T) {
	a := sample(secret, pin)
	for name, c := range map[string]account{"Clone": clone.Clone(a).(account), "Slowly": clone.Slowly(a).(account)} {
		got := func() (text string) {
			defer func() {
				if recover() != nil {
					text = "panic"
				}
			}()
			return c.IBAN.RevealString()
		}()
		if got != secret && got != "panic" && got != "" {
			t.Errorf("%s: got %q", name, got)
		}
		check(t, name, spew.Sdump(c))
	}
}
