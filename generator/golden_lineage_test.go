package generator_test

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/golden/lineage/api"
	exact "github.com/bailey-go/bailey/testdata/golden/lineageexact/api"
)

// lineage answers with what came.
type lineage struct{}

func masked(v runtime.Opt[string]) runtime.Opt[mask.String] {
	if !v.Set {
		return runtime.Opt[mask.String]{}
	}
	return runtime.Some(mask.NewString(v.Value))
}

func petOf(in *api.PetInput) *api.Pet {
	switch {
	case in.Cat != nil:
		c := in.Cat
		return &api.Pet{Cat: &api.Cat{Chip: masked(c.Chip), Rank: c.Rank, Lives: c.Lives, Haunt: masked(c.Haunt), Secret: masked(c.Secret)}}
	case in.Dog != nil:
		return &api.Pet{Dog: &api.Dog{Chip: masked(in.Dog.Chip), Rank: in.Dog.Rank, Size: in.Dog.Size}}
	}
	return &api.Pet{PetBase: &api.PetBase{Chip: masked(in.PetBase.Chip), Rank: in.PetBase.Rank}}
}

func (lineage) AddPet(_ context.Context, r *api.AddPetRequest) (*api.Pet, error) {
	return petOf(&r.Body), nil
}

func (lineage) AddForm(_ context.Context, r *api.AddFormRequest) (*api.Pet, error) {
	return petOf(&r.Body.Pet), nil
}

func (lineage) AddParts(_ context.Context, r *api.AddPartsRequest) (*api.Pet, error) {
	return petOf(&r.Body.Pet), nil
}

func (lineage) AddLines(_ context.Context, r *api.AddLinesRequest) (iter.Seq2[api.Thing, error], error) {
	return r.Body, nil
}

// somePets are one pet of each kind, without the member that selects.
func somePets(yield func(api.Pet) bool) {
	chip := runtime.Some(mask.NewString("123456789"))
	_ = yield(api.Pet{Cat: &api.Cat{Chip: chip, Haunt: runtime.Some(mask.NewString("roof")), Secret: runtime.Some(mask.NewString("s"))}}) &&
		yield(api.Pet{Dog: &api.Dog{Chip: chip, Size: 2}}) && yield(api.Pet{PetBase: &api.PetBase{Chip: chip}})
}

func (lineage) ListPets(context.Context, *api.ListPetsRequest) (iter.Seq2[api.Pet, error], error) {
	return func(yield func(api.Pet, error) bool) {
		for p := range somePets {
			if !yield(p, nil) {
				return
			}
		}
	}, nil
}

func (lineage) WatchPets(context.Context, *api.WatchPetsRequest) (iter.Seq2[runtime.Event[api.Pet], error], error) {
	return func(yield func(runtime.Event[api.Pet], error) bool) {
		for p := range somePets {
			if !yield(runtime.Event[api.Pet]{Data: p}, nil) {
				return
			}
		}
	}, nil
}

// lineageServer is a server with two keys, of which one has the scope vet.
func lineageServer(t *testing.T) (s http.Handler, plain, vet string) {
	t.Helper()
	hash := apikeytest.HashKeys(t)
	var keys []apikey.Key
	make := func(scopes ...string) string {
		clear, key := hash.Generate("lin")
		key.Subject, key.Scopes = "ada", scopes
		keys = append(keys, key)
		return clear
	}
	plain, vet = make(), make("vet")
	store, err := apikey.Static(keys...)
	if err != nil {
		t.Fatal(err)
	}
	s, err = api.NewServer(lineage{}, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Key: apikey.Keys{Store: store, Hash: hash}})
	if err != nil {
		t.Fatal(err)
	}
	return s, plain, vet
}

// sendAs sends a body as a type. A stream that breaks off has the status 0.
func sendAs(s http.Handler, method, path, key, contentType, body string) (status int, answer string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Key", key)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil { // http.ErrAbortHandler: the connection is cut
			status, answer = 0, w.Body.String()
		}
	}()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// ways send a pet in each kind of body.
var ways = map[string]func(s http.Handler, key, pet string) (int, string){
	"JSON": func(s http.Handler, key, pet string) (int, string) {
		return sendAs(s, "POST", "/pets", key, "application/json", pet)
	},
	"form": func(s http.Handler, key, pet string) (int, string) {
		return sendAs(s, "POST", "/form", key, "application/x-www-form-urlencoded", url.Values{"pet": {pet}, "note": {"n"}}.Encode())
	},
	"parts": func(s http.Handler, key, pet string) (int, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="pet"`}, "Content-Type": {"application/json"}})
		_, _ = part.Write([]byte(pet))
		_ = w.Close()
		return sendAs(s, "POST", "/parts", key, w.FormDataContentType(), b.String())
	},
}

// TestLineageWays: in each kind of body the discriminator selects the child, whose own members, bounds, guards
// and masks hold, also where the document refers to the base alone.
func TestLineageWays(t *testing.T) {
	t.Parallel()
	s, plain, vet := lineageServer(t)
	for _, test := range []struct {
		pet    string
		vet    bool
		status int
		want   string // the answer, or a part of the refusal
	}{
		{`{"petType":"Cat","chip":"123456789","haunt":"roof","secret":"s"}`, false, 200, `{"petType":"Cat","chip":"********6789","haunt":"********"}`},
		{`{"petType":"Cat","chip":"123456789","haunt":"roof","secret":"s"}`, true, 200, `{"petType":"Cat","chip":"123456789","haunt":"roof","secret":"s"}`},
		{`{"petType":"Cat","lives":2,"rank":1}`, true, 200, `{"petType":"Cat","rank":1,"lives":2}`},
		{`{"petType":"Cat","lives":2}`, false, 403, `lives`},
		{`{"petType":"Cat","rank":2}`, false, 403, `rank`},
		{`{"petType":"Dog","rank":2,"size":1}`, false, 403, `rank`},
		{`{"petType":"Pet","rank":2}`, false, 403, `rank`},
		{`{"petType":"Dog","size":1}`, false, 200, `{"petType":"Dog","size":1}`},
		{`{"petType":"Pet"}`, false, 200, `{"petType":"Pet"}`},
		{`{"petType":"Dog"}`, false, 422, `"required"`},
		{`{"petType":"Dog","size":1,"lives":1}`, true, 422, `"additionalProperties"`},
		{`{"petType":"Cat","lives":0}`, true, 422, `"minimum"`},
		{`{"petType":"Cow"}`, false, 422, `"discriminator"`},
		{`{}`, false, 422, `"required"`},
		{`[]`, false, 422, `"type"`},
	} {
		for name, send := range ways {
			key := plain
			if test.vet {
				key = vet
			}
			status, answer := send(s, key, test.pet)
			if status != test.status || status == 200 && answer != test.want || !strings.Contains(answer, test.want) {
				t.Errorf("%s, %s, vet %v: %d %s; want %d %s", name, test.pet, test.vet, status, answer, test.status, test.want)
			}
		}
	}
}

// TestLineageStreams: lines and events are of the children, written by what selects them and masked for each caller.
func TestLineageStreams(t *testing.T) {
	t.Parallel()
	s, plain, vet := lineageServer(t)
	for key, want := range map[string][]string{
		plain: {`{"petType":"Cat","chip":"********6789","haunt":"********"}`, `{"petType":"Dog","chip":"********6789","size":2}`, `{"petType":"Pet","chip":"********6789"}`},
		vet:   {`{"petType":"Cat","chip":"123456789","haunt":"roof","secret":"s"}`, `{"petType":"Dog","chip":"123456789","size":2}`, `{"petType":"Pet","chip":"123456789"}`},
	} {
		if status, got := sendAs(s, "GET", "/petlines", key, "", ""); status != 200 || got != strings.Join(want, "\n")+"\n" {
			t.Errorf("lines: %d %s; want %s", status, got, want)
		}
		if status, got := sendAs(s, "GET", "/events", key, "", ""); status != 200 || got != "data: "+strings.Join(want, "\n\ndata: ")+"\n\n" {
			t.Errorf("events: %d %s; want %s", status, got, want)
		}
	}
	for _, test := range []struct {
		lines  string
		status int
		want   string
	}{
		{`{"kind":"Ball","r":1}` + "\n" + `{"kind":"Box","w":1.5}` + "\n" + `{"kind":"Thing"}`, 200, `{"kind":"Ball","r":1}` + "\n" + `{"kind":"Box","w":1.5}` + "\n" + `{"kind":"Thing"}` + "\n"},
		{`{"kind":"Ball"}`, 0, ``},
		{`{"kind":"Ball","r":1}` + "\n" + `{"kind":"Box","r":1}`, 0, `{"kind":"Ball","r":1}` + "\n"},
		{`{"kind":"Cube"}`, 0, ``},
	} {
		if status, got := sendAs(s, "POST", "/lines", plain, "application/jsonl", test.lines); status != test.status || got != test.want {
			t.Errorf("%s: %d %q, want %d %q", test.lines, status, got, test.status, test.want)
		}
	}
}

// lineageExact answers with what came, read to the letter.
type lineageExact struct{ exact.Unimplemented }

func (lineageExact) AddPet(_ context.Context, r *exact.AddPetRequest) (*exact.Pet, error) {
	switch in := r.Body; {
	case in.Cat != nil:
		return &exact.Pet{Cat: &exact.Cat{Chip: masked(in.Cat.Chip), Lives: in.Cat.Lives, Haunt: masked(in.Cat.Haunt)}}, nil
	case in.Dog != nil:
		return &exact.Pet{Dog: &exact.Dog{Size: in.Dog.Size}}, nil
	}
	return &exact.Pet{PetBase: &exact.PetBase{}}, nil
}

// TestLineageExact: --exact reads the children to the letter, numbers of any size among their members, and their
// discriminator, guards and masks hold as before.
func TestLineageExact(t *testing.T) {
	t.Parallel()
	key, keys := keyOf(t, apikeytest.HashKeys(t), "lin")
	s, err := exact.NewServer(lineageExact{}, exact.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}, Key: keys})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pet    string
		status int
		want   string
	}{
		{`{"petType":"Dog","size":123456789012345678901234567890}`, 200, `{"petType":"Dog","size":123456789012345678901234567890}`},
		{`{"petType":"Cat","chip":"123456789","haunt":"roof"}`, 200, `{"petType":"Cat","chip":"********6789","haunt":"********"}`},
		{`{"petType":"Cat","lives":7}`, 403, `lives`},
		{`{"petType":"Dog"}`, 422, `"required"`},
		{`{"petType":"Dog","size":1.5}`, 422, `/size`},
		{`{"petType":"Cow"}`, 422, `"discriminator"`},
		{`{"petType":"Pet"}`, 200, `{"petType":"Pet"}`},
	} {
		if status, got := sendAs(s, "POST", "/pets", key, "application/json", test.pet); status != test.status || status == 200 && got != test.want || !strings.Contains(got, test.want) {
			t.Errorf("%s: %d %s; want %d %s", test.pet, status, got, test.status, test.want)
		}
	}
}
