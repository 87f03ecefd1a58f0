package generator_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/testdata/golden/family/api"
)

// relatives answers what came, and notes which branch that was.
type relatives struct {
	api.Unimplemented
	answer *api.Pet
	branch string
}

func (f *relatives) AddPet(_ context.Context, r *api.AddPetRequest) (*api.Pet, error) {
	switch p := r.Body; {
	case p.PetBase != nil:
		f.branch = "base"
	case p.Cat != nil:
		f.branch = "cat"
	case p.Dog != nil:
		f.branch = "dog"
	case p.Puppy != nil:
		f.branch = "puppy"
	}
	return f.answer, nil
}

func (f *relatives) AddDog(_ context.Context, r *api.AddDogRequest) (*api.Dog, error) {
	return &api.Dog{PetType: r.Body.PetType, Name: r.Body.Name, Size: r.Body.Size}, nil
}

func (f *relatives) AddZone(_ context.Context, r *api.AddZoneRequest) (*api.Zone, error) {
	return &r.Body, nil
}

func (f *relatives) AddPlant(_ context.Context, r *api.AddPlantRequest) (*api.Plant, error) {
	return &r.Body, nil
}

// ask sends a body, and returns the status and the answer.
func (f *relatives) ask(t *testing.T, path, body string) (int, string) {
	t.Helper()
	s, err := api.NewServer(f, api.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	w := sendJSON(s, "POST", path, body)
	return w.Code, w.Body.String()
}

// TestFamilySelects: who refers to a base sends any schema that extends it, which the value of the
// discriminator selects and whose own members and bounds hold.
func TestFamilySelects(t *testing.T) {
	t.Parallel()
	const dog, cat = `{"petType":"dog","name":"d","size":1}`, `{"petType":"Cat","name":"c","lives":9}`
	for _, tt := range []struct {
		path, body string
		refused    string // pointer and keyword, "" where the request is taken
		branch     string
	}{
		{"/pets", dog, "", "dog"},
		{"/pets", cat, "", "cat"},
		{"/pets", `{"petType":"the cat","name":"c","lives":1}`, "", "cat"},
		{"/pets", `{"petType":"Dog","name":"d","size":1,"number":"12"}`, "", "dog"},
		{"/pets", `{"name":"p","weeks":3,"size":1,"petType":"Puppy"}`, "", "puppy"},
		{"/pets", `{"petType":"Pet","name":"p"}`, "", "base"},
		{"/pets", `{"petType":"Pet","name":"p","friend":` + dog + `}`, "", "base"},
		{"/pets", `{"petType":"dog","name":"d"}`, " required", ""},
		{"/pets", `{"petType":"dog","name":"d","size":1,"lives":1}`, "/lives additionalProperties", ""},
		{"/pets", `{"petType":"dog","name":"d","size":1,"number":"x"}`, "/number pattern", ""},
		{"/pets", `{"petType":"dog","name":"d","size":1,"vet":"v"}`, "/vet readOnly", ""},
		{"/pets", `{"petType":"dog","name":"d","size":1,"id":"1"}`, "/id readOnly", ""},
		{"/pets", `{"petType":"Cat","name":"c","lives":10}`, "/lives maximum", ""},
		{"/pets", `{"petType":"Cat","name":"` + strings.Repeat("c", 21) + `","lives":1}`, "/name maxLength", ""},
		{"/pets", `{"petType":"Pet","name":"p","size":1}`, "/size additionalProperties", ""},
		{"/pets", `{"petType":"Pet","name":"p","friend":{"petType":"cow","name":"f"}}`, "/friend discriminator", ""},
		{"/pets", `{"petType":"Registered","name":"p"}`, " discriminator", ""},
		{"/pets", `{"petType":"cow","name":"p"}`, " discriminator", ""},
		{"/pets", `{"petType":1,"name":"p"}`, " discriminator", ""},
		{"/pets", `{"name":"p","friend":{"petType":"cow"}}`, " required", ""},
		{"/pets", `["petType"]`, " type", ""},
		{"/dogs", `{"petType":"anything","name":"d","size":1}`, "", ""},
		{"/dogs", `{"petType":"dog","name":"d","size":1,"weeks":1}`, "/weeks additionalProperties", ""},
		{"/zones", `{"kind":"ROUND","radius":3}`, "", ""},
		{"/zones", `{"kind":"ROUND","radius":3,"more":1}`, "", ""},
		{"/zones", `{"kind":"ROUND"}`, " required", ""},
		{"/zones", `{"kind":"square","side":3}`, "", ""},
		{"/zones", `{"kind":"Square","side":3}`, " discriminator", ""},
		{"/zones", `{"kind":"wide"}`, " discriminator", ""},
		{"/zones", `{"kind":"Zone"}`, " discriminator", ""},
		{"/plants", `{"kind":"Tree"}`, "", ""},
		{"/plants", `{"kind":"Tree","height":1}`, "/height additionalProperties", ""},
		{"/choices", `{"petType":"Pet","name":"p"}`, "", "-"},
		{"/choices", `{"petType":"Cat","name":"c","lives":1}`, "", "-"},
		{"/choices", dog, " discriminator", ""},
		{"/places", `{"list":[` + dog + `,` + cat + `],"map":{"a":` + cat + `},"annotated":` + dog + `,"orNull":null}`, "", "-"},
		{"/places", `{"orNull":` + dog + `}`, "", "-"},
		{"/places", `{"orNull":{"petType":"dog","name":"d"}}`, "/orNull required", ""},
		{"/places", `{"level":{"level":1,"floor":"f"}}`, "", "-"},
		{"/places", `{"level":{"level":2.0,"roof":"r"}}`, "", "-"},
		{"/places", `{"level":{"level":3}}`, "", "-"},
		{"/places", `{"level":{"level":1,"roof":"r"}}`, "/level/roof additionalProperties", ""},
		{"/places", `{"level":{"level":4}}`, "/level discriminator", ""},
		{"/places", `{"level":{"level":"1"}}`, "/level discriminator", ""},
		{"/places", `{"level":{"level":"Low"}}`, "/level discriminator", ""},
		{"/places", `{"level":{}}`, "/level required", ""},
		{"/places", `{"switch":{"on":true,"watts":4}}`, "", "-"},
		{"/places", `{"switch":{"on":true}}`, "/switch required", ""},
		{"/places", `{"switch":{"on":false,"watts":4}}`, "/switch/watts additionalProperties", ""},
		{"/places", `{"switch":{"on":"true","watts":4}}`, "/switch discriminator", ""},
		{"/places", `{"typed":{"@type":"example.narrow","width":1}}`, "", "-"},
		{"/places", `{"typed":{"@type":"Typed"}}`, "", "-"},
		{"/places", `{"typed":{"@type":"Narrow","width":1}}`, "/typed discriminator", ""},
		{"/places", `{"nullable":null}`, "/nullable type", ""},
		{"/places", `{"nullable":` + cat + `,"named":{"petType":"dog","name":"d","owner":"o"}}`, "", "-"},
		{"/places", `{"list":[` + dog + `,{"petType":"dog","name":"d"}]}`, "/list/1 required", ""},
		{"/places", `{"map":{"a":{"petType":"x","name":"d"}}}`, "/map/a discriminator", ""},
		{"/places", `{"annotated":{"petType":"dog","name":"d"}}`, "/annotated required", ""},
		{"/places", `{"nullable":{"petType":"dog","name":"d"}}`, "/nullable required", ""},
		{"/places", `{"named":{"petType":"dog","name":"d","owner":"o","size":1}}`, "/named/size additionalProperties", ""},
	} {
		f := &relatives{answer: &api.Pet{PetBase: &api.PetBase{PetType: "Pet", Name: "p"}}}
		status, answer := f.ask(t, tt.path, tt.body)
		if tt.refused == "" {
			if want := 200; tt.branch == "-" && status != 501 || tt.branch != "-" && (status != want || f.branch != tt.branch) {
				t.Errorf("%s %s: %d, branch %q, %s; want it taken as %q", tt.path, tt.body, status, f.branch, answer, tt.branch)
			}
			continue
		}
		pointer, keyword, _ := strings.Cut(tt.refused, " ")
		if want := `"pointer":"` + pointer + `","keyword":"` + keyword + `"`; status != 422 || !strings.Contains(answer, want) {
			t.Errorf("%s %s: %d %s; want 422, %s", tt.path, tt.body, status, answer, want)
		}
	}
}

// TestFamilyAnswers: a handler answers with a schema that extends the base, whose own masks and
// bounds hold, as do those of the base.
func TestFamilyAnswers(t *testing.T) {
	t.Parallel()
	chip := func(s string) (o runtime.Opt[mask.String]) {
		o.Set, o.Value = true, mask.NewString(s)
		return o
	}
	for _, tt := range []struct {
		name   string
		answer *api.Pet
		status int
		want   string
	}{
		{"a cat", &api.Pet{Cat: &api.Cat{PetType: "Cat", Name: "c", Lives: 9, Chip: chip("0123456789"), Haunt: chip("the attic")}}, 200,
			`{"petType":"Cat","name":"c","chip":"********","lives":9,"haunt":"********"}`},
		{"a grandchild", &api.Pet{Puppy: &api.Puppy{PetType: "Puppy", Name: "p", Size: 1, Chip: chip("0123456789")}}, 200,
			`{"petType":"Puppy","name":"p","chip":"********","size":1}`},
		{"a friend", &api.Pet{PetBase: &api.PetBase{PetType: "Pet", Name: "p", Friend: runtime.Opt[api.Pet]{Set: true, Value: api.Pet{Cat: &api.Cat{PetType: "Cat", Name: "c", Lives: 1, Haunt: chip("the attic")}}}}}, 200,
			`{"petType":"Pet","name":"p","friend":{"petType":"Cat","name":"c","lives":1,"haunt":"********"}}`},
		{"too many lives", &api.Pet{Cat: &api.Cat{PetType: "Cat", Name: "c", Lives: 10}}, 500, ""},
		{"none of them", &api.Pet{}, 500, ""},
	} {
		f := &relatives{answer: tt.answer}
		status, answer := f.ask(t, "/pets", `{"petType":"Pet","name":"p"}`)
		if status != tt.status || tt.want != "" && strings.TrimSpace(answer) != tt.want {
			t.Errorf("%s: %d %s, want %d %s", tt.name, status, answer, tt.status, tt.want)
		}
	}
}
