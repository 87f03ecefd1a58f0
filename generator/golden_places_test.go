package generator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/golden/places/api"
)

// placeAnswers answers with one object, in every kind of place.
type placeAnswers struct {
	api.Unimplemented
	object api.Answer
	places api.AnswerPlaces
}

func (h *placeAnswers) GetJSON(context.Context, *api.GetJSONRequest) (*api.AnswerPlaces, error) {
	return &h.places, nil
}

func (h *placeAnswers) GetArray(context.Context, *api.GetArrayRequest) ([]api.Answer, error) {
	return []api.Answer{{}, h.object}, nil
}

func (h *placeAnswers) GetMap(context.Context, *api.GetMapRequest) (map[string]api.Answer, error) {
	return map[string]api.Answer{"k": h.object}, nil
}

func (h *placeAnswers) GetLines(context.Context, *api.GetLinesRequest) (iter.Seq2[api.Answer, error], error) {
	return oneOfThem(h.object), nil
}

func (h *placeAnswers) GetSeq(context.Context, *api.GetSeqRequest) (iter.Seq2[api.Answer, error], error) {
	return oneOfThem(h.object), nil
}

func (h *placeAnswers) GetData(context.Context, *api.GetDataRequest) (iter.Seq2[runtime.Event[api.Answer], error], error) {
	return oneOfThem(runtime.Event[api.Answer]{Data: h.object}), nil
}

func (h *placeAnswers) GetEvent(context.Context, *api.GetEventRequest) (iter.Seq2[runtime.Event[api.Answer], error], error) {
	return oneOfThem(runtime.Event[api.Answer]{Name: "e", Data: h.object}), nil
}

func oneOfThem[T any](v T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { yield(v, nil) }
}

func (h *placeAnswers) GetError(context.Context, *api.GetErrorRequest) error {
	return &api.GetErrorConflict{Body: h.object}
}

func (h *placeAnswers) GetDefault(context.Context, *api.GetDefaultRequest) error {
	return &api.GetDefaultDefault{StatusCode: 418, Body: h.object}
}

// hold makes the handler answer with an object that has one member, everywhere in the JSON body too.
// It reports whether the generated type has the member.
func (h *placeAnswers) hold(t *testing.T, m member, place string) bool {
	t.Helper()
	if !setMember(t, reflect.ValueOf(&h.object).Elem(), m) {
		return false
	}
	switch p := &h.places; place {
	case "property":
		p.Property = runtime.Some(h.object)
	case "items":
		p.Items = []api.Answer{{}, h.object}
	case "map":
		p.Map = map[string]api.Answer{"k": h.object}
	case "nested":
		p.Nested = runtime.Some(api.AnswerPlacesNested{Inner: runtime.Some(api.AnswerPlacesNestedInner{G: runtime.Some(h.object)})})
	case "choice":
		p.Choice = runtime.Some(api.AnswerPlacesChoice{Answer: &h.object})
	case "merged":
		var merged api.AnswerPlacesMerged
		setMember(t, reflect.ValueOf(&merged).Elem(), m)
		p.Merged = runtime.Some(merged)
	case "rest":
		p.REST = runtime.Some(api.AnswerPlacesREST{AdditionalProperties: map[string]api.Answer{"k": h.object}})
	case "nullable":
		p.Nullable = runtime.Some(runtime.Null[api.Answer]{Value: h.object, Valid: true})
	}
	return true
}

// setMember sets the field of a member in a struct of generated types, as a handler would.
func setMember(t *testing.T, into reflect.Value, m member) bool {
	t.Helper()
	f := into.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, m.name) })
	if !f.IsValid() {
		return false
	}
	f.FieldByName("Set").SetBool(true)
	f = f.FieldByName("Value")
	if valid := reflect.Indirect(f); valid.Kind() == reflect.Struct && valid.FieldByName("Valid").IsValid() {
		valid.FieldByName("Valid").SetBool(true)
		f = valid.FieldByName("Value")
	}
	switch {
	case f.Type() == reflect.TypeFor[mask.String]():
		text, err := strconv.Unquote(m.value)
		if err != nil {
			t.Fatal(err)
		}
		f.Set(reflect.ValueOf(mask.NewString(text)))
	case f.Kind() == reflect.String:
		f.SetString(m.value)
	case f.Kind() == reflect.Struct:
		var texts map[string]string
		if err := json.Unmarshal([]byte(m.value), &texts); err != nil {
			t.Fatal(err)
		}
		for name, text := range texts {
			part := f.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) })
			part.FieldByName("Set").SetBool(true)
			part.FieldByName("Value").SetString(text)
		}
	default:
		t.Fatalf("%s is a %s", m.name, f.Type())
	}
	return true
}

// placeServer is a server of a handler.
func placeServer(t *testing.T, h api.Handler) *api.Server {
	t.Helper()
	s, err := api.NewServer(h, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Token: claimed{}, MaskKey: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answerOf is what a server answers to a caller with some scopes; 0 where the answer broke off.
func answerOf(s http.Handler, r *http.Request, scopes string) (status int, body string) {
	r.Header.Set("X-Caller", `{"Subject":"s","Scopes":[`+scopes+`]}`)
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil { // http.ErrAbortHandler
			status = 0
		}
	}()
	s.ServeHTTP(w, r)
	return w.Code, fmt.Sprint(w.Header(), w.Body)
}

// verdict is what the generator says of one word in one place.
type verdict uint8

const (
	verdictPasses  verdict = iota
	verdictNamed           // a warning says that the place is not checked
	verdictRefused         // an error at the line of the word
)

// unread are the rules of warnings that say that keywords of a place are not checked.
var unread = []string{"unchecked-body", "header-type", "header", "reserved-header", "status", "media-type", "path-parameter"}

// verdicts renders a document with all words of a way in one place, and again without those that are
// refused until no error is left: an error that another one hides comes after the first repair.
func verdicts(t *testing.T, place placeRow) map[string]verdict {
	t.Helper()
	out := map[string]verdict{}
	var rows []wordRow
	for _, w := range wordRows {
		if slices.Contains(strings.Fields(w.ways), place.way) {
			rows = append(rows, w)
		}
	}
	for round := 0; ; round++ {
		errorsAt, warned := placeFindings(t, place, rows)
		before := len(rows)
		rows = slices.DeleteFunc(rows, func(w wordRow) bool {
			if errorsAt[w.name] {
				out[w.name] = verdictRefused
			}
			return errorsAt[w.name]
		})
		if len(rows) < before && round < len(wordRows) {
			continue
		}
		for _, w := range rows {
			if warned {
				out[w.name] = verdictNamed
			} else {
				out[w.name] = verdictPasses
			}
		}
		return out
	}
}

// placeFindings are the words at whose lines there are errors, and whether a warning says that the
// place is not checked. An error elsewhere is of all words.
func placeFindings(t *testing.T, place placeRow, rows []wordRow) (errorsAt map[string]bool, warned bool) {
	t.Helper()
	var b strings.Builder
	b.WriteString("{type: object,")
	at := map[string]string{} // by the word's own line, as it is written
	for _, w := range rows {
		if w.set == "dropping" {
			fmt.Fprintf(&b, "\n                   %s,", w.schema)
			at[w.schema] = w.name
		}
	}
	b.WriteString(" properties: {plain: {type: string}")
	for _, w := range rows {
		if w.set != "dropping" {
			fmt.Fprintf(&b, ",\n                   %s: %s", w.name, w.schema)
			at[w.name+": "] = w.name
		}
	}
	b.WriteString("\n                   }}")
	text := "openapi: 3.2.0\ninfo: {title: T, version: '1'}\nsecurity: [{token: []}]\npaths:\n" + strings.ReplaceAll(place.paths, "G", b.String()) +
		"components:\n  securitySchemes: {token: {type: http, scheme: bearer}}\n"
	dir := t.TempDir()
	file := filepath.Join(dir, "openapi.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := generator.Render(generator.Config{Document: file, Output: filepath.Join(dir, "api"), Package: "api"})
	if res == nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	errorsAt = map[string]bool{}
	for _, d := range res.Diagnostics {
		line := strings.TrimSpace(lines[max(d.Line, 1)-1])
		hit := false
		for prefix, name := range at {
			if strings.HasPrefix(line, prefix) && !d.Warning {
				errorsAt[name], hit = true, true
			}
		}
		switch {
		case d.Warning:
			warned = warned || slices.Contains(unread, d.Rule)
		case !hit: // of the place
			for _, w := range rows {
				errorsAt[w.name] = true
			}
		}
	}
	return errorsAt, warned
}

// pairs counts what was found of words in places.
type pairs struct{ effects, refused, named, all int }

// judge counts a pair, and reports whether its effect has to be shown.
func (p *pairs) judge(t *testing.T, w wordRow, place placeRow, v verdict, shown bool) bool {
	p.all++
	switch {
	case v == verdictRefused:
		p.refused++
	case v == verdictNamed && !w.policy:
		p.named++
	case v == verdictNamed:
		t.Errorf("%s in %s: a warning names the place, and nothing refuses the policy", w.name, place.name)
	case !shown:
		t.Errorf("%s in %s: it is generated, and no effect is shown: give the golden places this place", w.name, place.name)
	default:
		return true
	}
	return false
}

// TestPlacesOfRequests: each policy and keyword has an effect over HTTP in each kind of place of a
// request, or an error at its line, or (keywords alone) a warning that the place is not checked.
func TestPlacesOfRequests(t *testing.T) {
	t.Parallel()
	s := placeServer(t, api.Unimplemented{})
	var count pairs
	for _, place := range askedPlaces {
		found := verdicts(t, place)
		for _, w := range wordRows {
			v, ok := found[w.name]
			if !ok || !count.judge(t, w, place, v, slices.Contains(strings.Fields(place.sets), w.set)) {
				continue
			}
			count.effects++
			ask := func(set string, m member, scopes string) int {
				status, _ := answerOf(s, place.send(set, m), scopes)
				return status
			}
			good, bad := 0, 0
			if w.good == "" {
				good = ask(w.set, member{"plain", `"x"`}, `"edit"`)
			} else {
				good = ask(w.set, member{w.name, w.good}, `"edit"`)
			}
			switch w.name {
			case "writable": // the same value of another caller
				bad = ask(w.set, member{w.name, w.bad}, `"other"`)
			case "unknown": // the same member where nothing says that it is dropped
				bad = ask("flat", member{w.name, w.bad}, `"edit"`)
			default:
				bad = ask(w.set, member{w.name, w.bad}, `"edit"`)
			}
			if !taken(good) || bad/100 != 4 {
				t.Errorf("%s in %s: %s is answered %d, %s %d; want the first to be taken and the second to be refused", w.name, place.name, w.good, good, w.bad, bad)
			}
		}
	}
	count.report(t)
}

func (p *pairs) report(t *testing.T) {
	t.Helper()
	t.Logf("%d pairs: %d effects, %d errors, %d places that a warning names", p.all, p.effects, p.refused, p.named)
	if p.effects+p.refused+p.named != p.all || p.effects == 0 {
		t.Errorf("%d pairs are not %d, %d and %d", p.all, p.effects, p.refused, p.named)
	}
}

// TestPlacesOfResponses: the same of responses. Nobody gets to see a masked value in clear but those
// whom the mask names, wherever it stands, and no value is sent that breaks a keyword, masked or not.
func TestPlacesOfResponses(t *testing.T) {
	t.Parallel()
	var count pairs
	for _, place := range answeredPlaces {
		found := verdicts(t, place)
		for _, w := range wordRows {
			v, ok := found[w.name]
			if !ok || !count.judge(t, w, place, v, place.path != "") {
				continue
			}
			count.effects++
			if w.bad == clearCard {
				w.maskedIn(t, place)
				continue
			}
			for _, tt := range []struct {
				value string
				want  bool
			}{{w.good, true}, {w.bad, false}} {
				h := &placeAnswers{}
				if !h.hold(t, member{w.name, tt.value}, place.name) {
					t.Fatalf("%s: no field", w.name)
				}
				status, body := answerOf(placeServer(t, h), askPath("answers", strings.TrimPrefix(place.path, "/answers")), "")
				if sent := status/100 != 5 && status != 0; sent != tt.want || sent && !strings.Contains(body, tt.value) {
					t.Errorf("%s in %s: %s is answered %d %s; want it to be sent: %v", w.name, place.name, tt.value, status, body, tt.want)
				}
			}
		}
	}
	count.report(t)
}

// maskedIn holds that a mask, or writeOnly, hides the clear value in a place, from all but the callers
// that it names, and that the clear value is checked all the same.
func (w wordRow) maskedIn(t *testing.T, place placeRow) {
	t.Helper()
	send := func(value, scopes string) (int, string) {
		h := &placeAnswers{}
		if h.hold(t, member{w.name, value}, place.name) == (w.name == "writeOnly") {
			t.Fatalf("%s: the generated type has the member, or lacks it", w.name)
		}
		return answerOf(placeServer(t, h), askPath("answers", strings.TrimPrefix(place.path, "/answers")), scopes)
	}
	status, body := send(w.bad, `"other"`)
	if status == 0 || status/100 == 5 || strings.Contains(body, strings.Trim(w.bad, `"`)) || w.good != "" && !strings.Contains(body, `"`+w.name+`":`+w.good) {
		t.Errorf("%s in %s: %d %s; want %s and no clear value", w.name, place.name, status, body, w.good)
	}
	if _, body = send(w.bad, `"see"`); strings.Contains(body, w.bad) != strings.Contains(w.schema, "scopes: [see]") {
		t.Errorf("%s in %s: a caller with the scope see gets %s", w.name, place.name, body)
	}
	if strings.Contains(w.schema, "maxLength") {
		for _, scopes := range []string{`"other"`, `"see"`} {
			if status, body := send(`"`+strings.Repeat("4", 21)+`"`, scopes); status != 0 && status/100 != 5 {
				t.Errorf("%s in %s: a value that is too long is answered %d %s", w.name, place.name, status, body)
			}
		}
	}
}
