package gen

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestInflate(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	small := zipped(t, "hello")
	for _, c := range []struct {
		name           string
		body           []byte
		most, inflated int64
		want           string
		ok             bool
		err            error // if it must be this one
	}{
		{"a text", small, 100, 100, "hello", true, nil},
		{"a text of exactly the limits", small, int64(len(small)), 5, "hello", true, nil},
		{"longer inflated than allowed", small, 100, 4, "", false, errTooLarge},
		{"longer on the wire than allowed", small, int64(len(small)) - 1, 100, "", false, errTooLarge},
		{"noise", zipped(t, string(noise)), 200_000, 200_000, string(noise), true, nil},
		{"repetition, but little of it", zipped(t, strings.Repeat("a", ratioFrom)), 1 << 20, 1 << 20, strings.Repeat("a", ratioFrom), true, nil},
		{"a bomb", zipped(t, strings.Repeat("a", 1<<24)), 1 << 20, 1 << 30, "", false, errTooLarge},
		{"cut off", small[:len(small)-1], 100, 100, "", false, io.ErrUnexpectedEOF},
		{"cut off in the header", small[:5], 100, 100, "", false, nil},
		{"nothing", nil, 100, 100, "", false, io.ErrUnexpectedEOF},
		{"not gzip", []byte(`{"a":"b","c":"d"}`), 100, 100, "", false, gzip.ErrHeader},
		{"another checksum", append(bytes.Clone(small[:len(small)-8]), 0, 0, 0, 0, 5, 0, 0, 0), 100, 100, "", false, gzip.ErrChecksum},
		{"a second member", append(bytes.Clone(small), small...), 100, 100, "", false, errAfterEncoding},
		{"something behind", append(bytes.Clone(small), 'x'), 100, 100, "", false, errAfterEncoding},
		{"a bomb in a bomb is bytes", zipped(t, string(small)), 100, 100, string(small), true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			call := &Call{R: &http.Request{Body: io.NopCloser(bytes.NewReader(c.body))}, in: incoming{inflate: true}, op: &mounted{limits: Limits{Body: c.most, Inflated: c.inflated}}}
			r := call.bodyReader(true)
			got, err := r.all(-1, new(inflight.Hold))
			if c.ok != (err == nil) || c.ok && string(got) != c.want || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if c.ok && !r.done {
				t.Error("the body is not seen to be consumed")
			}
			r.r.(*inflater).free()
		})
	}
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, body []byte) {
		call := &Call{R: &http.Request{Body: io.NopCloser(bytes.NewReader(body))}, in: incoming{inflate: true}, op: &mounted{limits: Limits{Body: 1000, Inflated: 5000}}}
		r := call.bodyReader(true)
		if got, _ := r.all(-1, new(inflight.Hold)); len(got) > 5000 {
			t.Errorf("%d bytes", len(got))
		}
		r.r.(*inflater).free()
	})
}
