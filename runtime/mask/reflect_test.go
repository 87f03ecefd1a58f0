package mask_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	"html/template"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/mask"
)

// walker prints all that reflection and package unsafe find: unexported fields, pointers, and
// slices up to their capacity.
type walker struct {
	out  strings.Builder
	seen map[unsafe.Pointer]bool
}

func (w *walker) walk(v reflect.Value) {
	if v.CanAddr() && !v.CanInterface() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			w.walk(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			w.walk(v.Index(i))
		}
	case reflect.Slice:
		v = v.Slice(0, v.Cap())
		for i := range v.Len() {
			w.walk(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			w.walk(k)
			w.walk(v.MapIndex(k))
		}
	case reflect.Interface:
		w.walk(v.Elem())
	case reflect.Pointer:
		if !v.IsNil() && !w.seen[v.UnsafePointer()] {
			w.seen[v.UnsafePointer()] = true
			w.walk(v.Elem())
		}
	case reflect.Invalid:
	default:
		fmt.Fprintf(&w.out, "%v ", v)
	}
}

func TestReflectionFindsNothing(t *testing.T) {
	a := sample()
	w := walker{seen: map[unsafe.Pointer]bool{}}
	w.walk(reflect.ValueOf(&a))
	if text := w.out.String(); leaks(text) || strings.Contains(text, "83 51 67 82") {
		t.Errorf("reflection finds the value: %s", text)
	}
	clear := struct {
		s *string
		n **int
	}{new(string), new(*int)}
	n := 73519
	*clear.s, *clear.n = secret, &n
	w = walker{seen: map[unsafe.Pointer]bool{}}
	if w.walk(reflect.ValueOf(&clear)); !strings.Contains(w.out.String(), secret) || !strings.Contains(w.out.String(), "73519") {
		t.Errorf("the walker does not find what is there: %s", w.out.String())
	}
}

// What reflect.DeepEqual says of masked values is what it says of the clear ones.
func TestDeepEqual(t *testing.T) {
	type record struct {
		S string
		n int
		M map[string][]int
		P *record
		A any
		T time.Time
		m mask.String
	}
	one, same, other := 1, 1, 2
	instant := time.Unix(73519, 5).UTC()
	r := func(s string) record {
		return record{S: s, n: 1, M: map[string][]int{"a": {1}, "b": nil}, P: &record{S: s}, A: []any{s, 1.5}, T: instant, m: mask.NewString(s)}
	}
	for _, test := range []struct{ a, b any }{
		{"a", "a"}, {"a", "b"}, {1, 1}, {1, 2}, {int8(-1), int8(-1)}, {uint(7), uint(7)}, {uint(7), uint(8)}, {true, true}, {true, false}, {1.5, 1.5}, {0.0, math.Copysign(0, -1)},
		{math.NaN(), math.NaN()}, {complex(1, 2), complex(1, 2)}, {complex(1, 2), complex(1, 3)}, {[]int{1, 2}, []int{1, 2}}, {[]int{1, 2}, []int{2, 1}}, {[]int{}, []int(nil)}, {[]int(nil), []int(nil)},
		{[]string{"ab", "c"}, []string{"a", "bc"}}, {[2]int{1, 2}, [2]int{1, 2}}, {[2]int{1, 2}, [2]int{1, 3}}, {map[string]int{"a": 1, "b": 2}, map[string]int{"b": 2, "a": 1}},
		{map[string]int{"a": 1, "b": 2}, map[string]int{"a": 2, "b": 1}}, {map[string]int{}, map[string]int(nil)}, {&one, &same}, {&one, &other}, {&one, (*int)(nil)}, {r("a"), r("a")}, {r("a"), r("b")},
		{instant, time.Unix(73519, 5).UTC()}, {instant, instant.Add(1)}, {func() {}, func() {}}, {(func())(nil), (func())(nil)}, {any(1), any(int8(1))}, {errors.New("a"), errors.New("a")},
		{mask.NewString("a"), mask.NewString("a")}, {mask.NewString("a"), mask.NewString("b")},
	} {
		want := reflect.DeepEqual(test.a, test.b)
		if got := reflect.DeepEqual(mask.NewValue(test.a), mask.NewValue(test.b)); got != want {
			t.Errorf("%T: %v, %v: got %v, want %v", test.a, test.a, test.b, got, want)
		}
		if a, ok := test.a.(string); ok && reflect.DeepEqual(mask.NewString(a), mask.NewString(test.b.(string))) != want {
			t.Errorf("String: %v, %v: want %v", test.a, test.b, want)
		}
	}
	if !reflect.DeepEqual(mask.NewValue(r("a")), mask.NewValue(r("a"))) || !reflect.DeepEqual(mask.NewValue(instant), mask.NewValue(instant)) ||
		!reflect.DeepEqual(mask.NewValue(5), mask.NewValue(5)) || reflect.DeepEqual(mask.NewValue(5), mask.NewValue(6)) || reflect.DeepEqual(mask.NewValue(instant), mask.NewValue(instant.Add(1))) {
		t.Error("DeepEqual of typed values is wrong")
	}
	if !reflect.DeepEqual(mask.NewString(""), mask.String{}) {
		t.Error(`NewString("") is not the zero value`)
	}
	type list struct{ Next *list }
	ring := &list{}
	ring.Next = ring
	if reflect.DeepEqual(mask.NewValue(ring), mask.NewValue(ring)) { // ends, and claims nothing
		t.Error("values without an end are equal")
	}
}

// A tag is of this process: the same value has another one in the next.
func TestTags(t *testing.T) {
	if os.Getenv("BAILEY_TEST_TAG") != "" {
		v := mask.NewString("1234")
		fmt.Println("tag", tagOf(v))
		return
	}
	first, second := rerun(t, "TestTags", "BAILEY_TEST_TAG=1"), rerun(t, "TestTags", "BAILEY_TEST_TAG=1")
	a, _, _ := strings.Cut(first, "\n")
	b, _, _ := strings.Cut(second, "\n")
	if !strings.HasPrefix(a, "tag ") || len(a) < 30 || a == b {
		t.Errorf("got %q and %q", a, b)
	}
	if same, again := mask.NewString("1234"), mask.NewString("1234"); tagOf(same) != tagOf(again) || tagOf(same) == tagOf(mask.NewString("1235")) {
		t.Error("tags are no function of the value")
	}
}

func tagOf(v mask.String) string {
	return fmt.Sprintf("%x", reflect.ValueOf(v).Field(1).Elem().Field(0))
}

// rerun runs one test of this binary by itself, and returns its output.
func rerun(t *testing.T, test string, env ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput() // a crash has a status of its own
	return string(out)
}

// crash is a value that a program panics with.
func crash(how string) any {
	a := sample()
	return map[string]any{
		"String": a.IBAN, "*String": &a.IBAN, "Value": a.PIN, "struct": a, "*struct": &a, "list": []mask.String{a.IBAN},
		"error": fmt.Errorf("bad account %v %+v %#v %d", a, a.IBAN, a.PIN, a.PIN), "joined": errors.Join(fmt.Errorf("a: %w", errors.New(fmt.Sprint(a))), errors.New("b")),
	}[how]
}

func TestPanicsShowNothing(t *testing.T) {
	if how := os.Getenv("BAILEY_TEST_CRASH"); how != "" {
		panic(crash(how))
	}
	for _, how := range []string{"String", "*String", "Value", "struct", "*struct", "list", "error", "joined"} {
		text := rerun(t, "TestPanicsShowNothing", "BAILEY_TEST_CRASH="+how, "GOTRACEBACK=all")
		if !strings.Contains(text, "panic: ") || leaks(text) {
			t.Errorf("a panic with %s shows: %s", how, text)
		}
		func() {
			defer func() {
				if text := fmt.Sprintf("%v %+v %#v %s", recover(), crash(how), crash(how), crash(how)); leaks(text) {
					t.Errorf("a recovered panic with %s shows: %s", how, text)
				}
			}()
			panic(crash(how))
		}()
	}
}

func TestOtherEncoders(t *testing.T) {
	a := sample()
	var out strings.Builder
	page := template.Must(template.New("").Parse(`<a href="?q={{.IBAN}}" onclick="f({{.IBAN}}, {{.PIN}}, {{.}})" style="color: {{.IBAN}}">{{.IBAN}} {{.PIN}} {{.Notes}} {{.}} {{printf "%q %x %d" .IBAN .IBAN .PIN}} {{len .IBAN.String}}</a><script>var a = {{.}}, b = {{.IBAN}}</script>`))
	if err := page.Execute(&out, a); err != nil || leaks(out.String()) || !strings.Contains(out.String(), mask.Redacted) {
		t.Errorf("html/template: %v, %s", err, out.String())
	}
	if err := template.Must(template.New("").Parse(`{{index .Notes 0}}{{.IBAN.clear}}`)).Execute(&out, a); err == nil || leaks(err.Error()) {
		t.Errorf("html/template: %v", err)
	}
	var buf bytes.Buffer
	for _, v := range []any{a.IBAN, &a.IBAN, a.PIN, a.Notes, map[string]any{"a": a}, []any{a.IBAN, &a}} {
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil || leaks(string(b)) {
			t.Errorf("json: %s, %v", b, err)
		}
		text := expvar.Func(func() any { return v }).String()
		if leaks(text) {
			t.Errorf("expvar: %s", text)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&buf, nil), slog.NewJSONHandler(&buf, nil)} {
			slog.New(h).WithGroup("g").With("before", v).Info("m", slog.Group("in", "v", v), slog.Any("valuer", valuer{v}), "formatted", fmt.Sprintf("%v %+v", v, v))
		}
	}
	if buf.Len() == 0 || leaks(buf.String()) {
		t.Errorf("slog: %s", buf.String())
	}
	for _, v := range []any{a.IBAN, a.PIN, a.Notes, element{a.IBAN, a.IBAN}} {
		b, err := xml.MarshalIndent(v, "", " ")
		if err != nil || leaks(string(b)) || !strings.Contains(string(b), mask.Redacted) {
			t.Errorf("xml: %s, %v", b, err)
		}
	}
	if _, err := fmt.Sscan(secret, &a.IBAN); err == nil || leaks(err.Error()) {
		t.Errorf("Sscan: %v", err)
	}
}

type element struct {
	A mask.String `xml:"a,attr"`
	B mask.String `xml:",chardata"`
}

type valuer struct{ v any }

func (v valuer) LogValue() slog.Value { return slog.GroupValue(slog.Any("inner", v.v)) }

// A copy by reflection that leaves the hidden part behind has no value, and says so.
func TestReflectedCopy(t *testing.T) {
	type shape struct {
		_    [0]func()
		seen *struct {
			tag    [16]byte
			hidden []unsafe.Pointer
		}
	}
	s := mask.NewString(secret)
	copied := *(*shape)(unsafe.Pointer(&s))
	part := *copied.seen
	part.hidden = append([]unsafe.Pointer(nil), part.hidden...)
	copied.seen = &part
	defer func() {
		if got := recover(); got == nil || !strings.Contains(fmt.Sprint(got), "copied") || leaks(fmt.Sprint(got)) {
			t.Errorf("got %v", got)
		}
	}()
	t.Errorf("got %q", (*(*mask.String)(unsafe.Pointer(&copied))).RevealString())
}

// A masked value costs its decoder one allocation, and its encoder none.
func TestAllocations(t *testing.T) {
	now, list := time.Now(), []string{"a", "b"}
	s, v := mask.NewString(secret), mask.NewValue(list)
	var keep struct {
		s    mask.String
		n    mask.Value[int]
		t    mask.Value[time.Time]
		l    mask.Value[[]string]
		text string
		list []string
	}
	for _, test := range []struct {
		name string
		want float64
		f    func()
	}{
		{"NewString", 1, func() { keep.s = mask.NewString(secret) }},
		{"NewString of nothing", 0, func() { keep.s = mask.NewString("") }},
		{"a number", 1, func() { keep.n = mask.NewValue(73519) }},
		{"a time", 1, func() { keep.t = mask.NewValue(now) }},
		{"a list", 1, func() { keep.l = mask.NewValue(list) }},
		{"RevealString", 0, func() { keep.text = s.RevealString() }},
		{"RevealValue", 0, func() { keep.list = v.RevealValue() }},
		{"IsZero", 0, func() { _ = s.IsZero() || v.IsZero() }},
	} {
		if got := testing.AllocsPerRun(100, test.f); got != test.want {
			t.Errorf("%s: %v allocations, want %v", test.name, got, test.want)
		}
	}
	if n := unsafe.Sizeof(s); n != 8 {
		t.Errorf("a String has %d bytes within its struct, want 8", n)
	}
}
