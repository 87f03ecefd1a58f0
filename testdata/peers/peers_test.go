package peers

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func servers(t *testing.T) []Server {
	t.Helper()
	all, err := Servers()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func do(t *testing.T, s Server, c Case, token string) *Reply {
	t.Helper()
	x, err := NewExchange(s, c, token)
	if err != nil {
		t.Fatal(err)
	}
	return x.Do()
}

// decoded is a body as a value that can be compared.
func decoded(t *testing.T, body []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

// fits reports whether a status is the one that a case expects.
func (c Case) fits(status int) bool {
	if c.Status == 0 {
		return 400 <= status && status < 500
	}
	return status == c.Status
}

// Every server that validates gives the same answer to a measured request. bailey gives
// it to a caller who may see masked properties; what it masks for the others is below.
func TestSameAnswers(t *testing.T) {
	all := servers(t)
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			var want any
			for _, s := range all {
				reply := do(t, s, c, s.Clear)
				if !c.fits(reply.Status) && (s.Validates || c.Status != 0) {
					t.Errorf("%s: status %d: %s", s.Name, reply.Status, reply.Body)
					continue
				}
				if reply.Status >= 300 || c.Status == 0 {
					continue
				}
				got := decoded(t, reply.Body)
				if want == nil {
					want = got
				} else if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: answered %v\n%s answered %v", s.Name, got, all[0].Name, want)
				}
			}
		})
	}
}

// The measured token lifts no mask, so that what is measured includes the masking.
func TestMaskIsMeasured(t *testing.T) {
	for _, s := range servers(t) {
		if s.Token == "" {
			continue
		}
		for _, c := range Cases()[:2] {
			masked, seen := do(t, s, c, s.Token), do(t, s, c, s.Clear)
			email := []byte("ada.keller@example.com")
			if !c.fits(masked.Status) || bytes.Contains(masked.Body, email) || !bytes.Contains(seen.Body, email) {
				t.Errorf("%s %s: masked %d %s\nclear %s", s.Name, c.Name, masked.Status, masked.Body, seen.Body)
			}
		}
	}
}

// What the document asks of callers is asked in the measured configuration.
func TestHardened(t *testing.T) {
	for _, s := range servers(t) {
		if s.Token == "" {
			continue
		}
		c := Cases()[1]
		if got := do(t, s, c, "").Status; got != 401 {
			t.Errorf("%s: %d without a token", s.Name, got)
		}
		x, err := NewExchange(s, c, s.Token)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.Do().Header().Get("RateLimit"); !strings.HasPrefix(got, `"caller";r=`) {
			t.Errorf("%s: RateLimit %q: the limiter does not run", s.Name, got)
		}
	}
}

// The requests have the sizes that the cases' names promise.
func TestSizes(t *testing.T) {
	limit := servers(t)[0]
	for i, want := range []struct{ in, out int }{{0, 516}, {1000, 1000}, {1_000_000, 0}} {
		c := Cases()[i]
		in, out := len(c.Body), len(do(t, limit, c, "").Body)
		t.Logf("%s: %d bytes in, %d out", c.Name, in, out)
		if in < want.in*9/10 || in > want.in*12/10 || want.out > 0 && (out < want.out*9/10 || out > want.out*12/10) {
			t.Errorf("%s: %d bytes in, %d out; want about %d and %d", c.Name, in, out, want.in, want.out)
		}
	}
}

// The harness allocates nothing.
func TestHarnessAllocatesNothing(t *testing.T) {
	for _, c := range Cases() {
		x, err := NewExchange(Nothing, c, "")
		if err != nil {
			t.Fatal(err)
		}
		x.Do()
		if n := testing.AllocsPerRun(100, func() { x.Do() }); n != 0 {
			t.Errorf("%s: %v allocations", c.Name, n)
		}
	}
}

// TestAllocations holds bailey to what a request allocates: each of them is paid by all good requests.
func TestAllocations(t *testing.T) {
	bound := map[string]float64{"get": 4, "post1k": 8, "invalid": 10, "unknown": 2}
	all := servers(t)
	s := all[slices.IndexFunc(all, func(s Server) bool { return s.Name == Bailey })]
	for _, c := range Cases() {
		most, ok := bound[c.Name]
		if !ok {
			continue
		}
		x, err := NewExchange(s, c, s.Token)
		if err != nil {
			t.Fatal(err)
		}
		for range warm {
			x.Do()
		}
		if n := testing.AllocsPerRun(200, func() { x.Do() }); n > most {
			t.Errorf("%s: %v allocations, at most %v before", c.Name, n, most)
		}
	}
}
